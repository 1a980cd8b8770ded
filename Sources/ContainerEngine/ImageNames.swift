/// The users and groups that an image knows by name: the texts of its /etc/passwd and /etc/group, empty where it has none.
package struct ImageNames: Hashable, Sendable {
    package var passwd: String
    package var group: String

    package init(passwd: String = "", group: String = "") {
        self.passwd = passwd
        self.group = group
    }
}
