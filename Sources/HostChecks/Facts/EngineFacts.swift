import FoundationEssentials

/// What the container engine says of itself.
package struct EngineFacts: Hashable, Sendable {
    package var product: String
    package var version: String
    package var apiVersion: String
    package var runcVersion: String?
    package var isLiveRestore: Bool
    package var remapsUsers: Bool
    package var isRootless: Bool
    package var cgroupVersion: String?
    /// The program that starts containers, such as `runc`.
    package var defaultRuntime: String?

    package init(
        product: String = "Docker", version: String, apiVersion: String, runcVersion: String? = nil,
        isLiveRestore: Bool = false, remapsUsers: Bool = false, isRootless: Bool = false, cgroupVersion: String? = nil,
        defaultRuntime: String? = nil
    ) {
        self.product = product
        self.version = version
        self.apiVersion = apiVersion
        self.runcVersion = runcVersion
        self.isLiveRestore = isLiveRestore
        self.remapsUsers = remapsUsers
        self.isRootless = isRootless
        self.cgroupVersion = cgroupVersion
        self.defaultRuntime = defaultRuntime
    }

    /// Reads the answers to `GET /version` and `GET /info` of the Engine API.
    package init?(version: [UInt8], info: [UInt8]) {
        let decoder = JSONDecoder()
        guard let version = try? decoder.decode(Version.self, from: Data(version)),
            let info = try? decoder.decode(Info.self, from: Data(info))
        else { return nil }
        let components = version.components ?? []
        let isPodman = components.contains { $0.name.lowercased().contains("podman") }
        let options = info.securityOptions ?? []
        self.init(
            product: isPodman ? "Podman" : "Docker", version: version.version, apiVersion: version.apiVersion,
            runcVersion: components.first { $0.name == "runc" }?.version, isLiveRestore: info.isLiveRestore ?? false,
            remapsUsers: options.contains { $0.hasPrefix("name=userns") },
            isRootless: options.contains { $0.hasPrefix("name=rootless") }, cgroupVersion: info.cgroupVersion,
            defaultRuntime: info.defaultRuntime)
    }

    private struct Version: Decodable {
        var version: String
        var apiVersion: String
        var components: [Component]?

        enum CodingKeys: String, CodingKey {
            case version = "Version"
            case apiVersion = "ApiVersion"
            case components = "Components"
        }
    }

    private struct Component: Decodable {
        var name: String
        var version: String

        enum CodingKeys: String, CodingKey {
            case name = "Name"
            case version = "Version"
        }
    }

    private struct Info: Decodable {
        var isLiveRestore: Bool?
        var securityOptions: [String]?
        var cgroupVersion: String?
        var defaultRuntime: String?

        enum CodingKeys: String, CodingKey {
            case isLiveRestore = "LiveRestoreEnabled"
            case securityOptions = "SecurityOptions"
            case cgroupVersion = "CgroupVersion"
            case defaultRuntime = "DefaultRuntime"
        }
    }
}
