import ContainerEngine

/// The files that give a worker's user a name: programs that ask who they are fail where there is none.
struct UserNames {
    let uid: UInt32
    /// What an image has already: its programs may ask for its own users.
    var image: ImageNames?

    /// How it is called in every container.
    static let name = "glo"

    private static let own = ImageNames(
        passwd: "root:x:0:0:root:/root:/usr/sbin/nologin\nnobody:x:65534:65534:nobody:/nonexistent:/usr/sbin/nologin\n",
        group: "root:x:0:\nnogroup:x:65534:\n")

    /// passwd(5). HOME is where the environment says.
    var passwd: String {
        Self.joined((image ?? Self.own).passwd, "\(Self.name):x:\(uid):\(uid):function:/tmp:/usr/sbin/nologin")
    }

    /// group(5).
    var group: String { Self.joined((image ?? Self.own).group, "\(Self.name):x:\(uid):") }

    private static func joined(_ text: String, _ line: String) -> String {
        let end = text.isEmpty || text.hasSuffix("\n") ? "" : "\n"
        return "\(text)\(end)\(line)\n"
    }
}
