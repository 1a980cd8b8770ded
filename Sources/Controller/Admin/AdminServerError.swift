/// Why the admin API cannot listen.
package struct AdminServerError: Error, Sendable, CustomStringConvertible {
    package enum Code: String, Sendable {
        case alreadyRunning = "already_running"
        case stateDirectoryUnusable = "state_directory_unusable"
        case cannotBind = "cannot_bind"
        case tokenNeeded = "token_needed"
        case tokenUnusable = "token_unusable"
        case keysUnusable = "keys_unusable"
    }

    package let code: Code
    /// What happened.
    package let sentence: String

    init(_ code: Code, _ sentence: String) {
        self.code = code
        self.sentence = sentence
    }

    /// What to do.
    package var hint: String {
        switch code {
        case .alreadyRunning: "stop it first, or choose another --state"
        case .stateDirectoryUnusable:
            "make the state directory writable for the controller's user, or choose another --state"
        case .cannotBind: "choose another --admin-listen, or stop what listens there"
        case .tokenNeeded:
            """
            make one with `glo token create --scope admin`, or an access key with `glo token create --aws`; or set \
            GLO_ADMIN_TOKEN, or write a token to the file admin.token in the state directory (mode 0600)
            """
        case .keysUnusable:
            "make keys with `glo token create --aws`, which keeps them in a file that only its owner may read"
        case .tokenUnusable: "use at least 16 characters, readable for the controller's user only: openssl rand -hex 32"
        }
    }

    package var description: String { "\(sentence); \(hint)" }
}
