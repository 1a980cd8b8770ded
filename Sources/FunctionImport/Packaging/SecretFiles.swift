import Glibc

/// Files that hold keys and passwords by their names: an import never copies them.
enum SecretFiles {
    private static let names: Set<String> = [
        ".env", ".envrc", ".npmrc", ".yarnrc", ".yarnrc.yml", ".pypirc", ".netrc", "_netrc", ".git-credentials",
        ".dockercfg",
        ".htpasswd", ".pgpass", ".my.cnf", ".vault-token", ".vault_pass", ".boto", ".s3cfg", "credentials",
        "credentials.json", "credentials.yml", "credentials.yaml", "credentials.csv", "credentials.ini", "id_rsa",
        "id_dsa",
        "id_ecdsa", "id_ed25519", "kubeconfig", "client_secret.json", "service-account.json", "service_account.json",
        "serviceaccount.json", "master.key",
    ]
    private static let directories: Set<String> = [
        ".aws", ".ssh", ".gnupg", ".docker", ".kube", ".azure", ".gcloud", ".terraform",
    ]
    private static let endings = [
        ".pem", ".key", ".p12", ".pfx", ".p8", ".jks", ".keystore", ".ppk", ".kdbx", ".kdb", ".tfstate",
        ".tfstate.backup",
        ".tfvars", ".pkcs12", ".ovpn",
    ]
    private static let secretKinds: Set<String> = [
        "", "json", "yml", "yaml", "toml", "env", "ini", "txt", "conf", "properties", "xml", "enc",
    ]
    /// Ends of `.env.NAME` by which examples are known.
    private static let exampleKinds: Set<String> = ["example", "sample", "template", "dist", "defaults", "schema"]

    static func isDirectory(_ name: String) -> Bool { directories.contains(name.lowercased()) }

    /// - Parameter isCertificate: looks into the file, where the name alone does not tell.
    static func isSecret(_ name: String, isCertificate: () -> Bool) -> Bool {
        let name = name.lowercased()
        if names.contains(name) { return true }
        if name.hasPrefix(".env.") || name.hasSuffix(".env") {
            return !exampleKinds.contains(name.split(separator: ".").last.map(String.init) ?? "")
        }
        for word in ["secret", "secrets"] where name == word || name.hasPrefix("\(word).") {
            let kind = name.dropFirst(word.count).split(separator: ".").last.map(String.init) ?? ""
            if secretKinds.contains(kind) { return true }
        }
        if ["id_rsa", "id_dsa", "id_ecdsa", "id_ed25519"].contains(where: {
            name.hasPrefix("\($0).") || name.hasPrefix("\($0)_")
        }) {
            return !name.hasSuffix(".pub")
        }
        guard endings.contains(where: { name.hasSuffix($0) }) else { return false }
        // Bundles of certificates, which everybody may read, lie in many packages.
        return !(name.hasSuffix(".pem") && isCertificate())
    }

    /// Whether the file at a path holds certificates and no key.
    static func isCertificate(atPath path: String) -> Bool {
        let file = open(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC)
        guard file >= 0 else { return false }
        defer { close(file) }
        var status = stat()
        guard fstat(file, &status) == 0, status.st_mode & S_IFMT == S_IFREG, status.st_size <= 4 << 20 else {
            return false
        }
        var bytes = [UInt8](repeating: 0, count: Int(status.st_size))
        var filled = 0
        while filled < bytes.count {
            let count = bytes.withUnsafeMutableBytes { buffer in
                read(file, buffer.baseAddress?.advanced(by: filled), buffer.count - filled)
            }
            guard count > 0 else { return false }
            filled += count
        }
        let text = String(decoding: bytes, as: UTF8.self)
        return text.contains("-----BEGIN CERTIFICATE-----") && !text.contains("PRIVATE KEY")
    }
}
