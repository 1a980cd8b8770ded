/// What of the engine's answers Glo reads (Engine API 1.41); everything else is ignored.
enum EngineMessages {
    struct Failure: Decodable {
        var message: String
    }

    struct Version: Decodable {
        var version: String
        var apiVersion: String
        var minAPIVersion: String?
        var components: [Component]?

        struct Component: Decodable {
            var name: String

            enum CodingKeys: String, CodingKey {
                case name = "Name"
            }
        }

        enum CodingKeys: String, CodingKey {
            case version = "Version"
            case apiVersion = "ApiVersion"
            case minAPIVersion = "MinAPIVersion"
            case components = "Components"
        }
    }

    struct Info: Decodable {
        var processors: Int?
        var memoryBytes: Int?
        var memoryLimit: Bool?
        var swapLimit: Bool?
        var processLimit: Bool?
        var cpuQuota: Bool?
        var cgroupVersion: String?
        var liveRestore: Bool?
        var securityOptions: [String]?
        var warnings: [String]?

        enum CodingKeys: String, CodingKey {
            case processors = "NCPU"
            case memoryBytes = "MemTotal"
            case memoryLimit = "MemoryLimit"
            case swapLimit = "SwapLimit"
            case processLimit = "PidsLimit"
            case cpuQuota = "CpuCfsQuota"
            case cgroupVersion = "CgroupVersion"
            case liveRestore = "LiveRestoreEnabled"
            case securityOptions = "SecurityOptions"
            case warnings = "Warnings"
        }
    }

    struct Created: Decodable {
        var id: String
        var warnings: [String]?

        enum CodingKeys: String, CodingKey {
            case id = "Id"
            case warnings = "Warnings"
        }
    }

    struct Container: Decodable {
        var id: String
        var state: State

        struct State: Decodable {
            var status: String?
            var isRunning: Bool
            var processID: Int32?
            var exitCode: Int
            var isOutOfMemory: Bool?
            var error: String?

            enum CodingKeys: String, CodingKey {
                case status = "Status"
                case isRunning = "Running"
                case processID = "Pid"
                case exitCode = "ExitCode"
                case isOutOfMemory = "OOMKilled"
                case error = "Error"
            }
        }

        enum CodingKeys: String, CodingKey {
            case id = "Id"
            case state = "State"
        }
    }

    struct ListedContainer: Decodable {
        var id: String
        var names: [String]?
        var state: String?
        var labels: [String: String]?

        enum CodingKeys: String, CodingKey {
            case id = "Id"
            case names = "Names"
            case state = "State"
            case labels = "Labels"
        }
    }

    struct Image: Decodable {
        var id: String
        var config: Config?

        struct Config: Decodable {
            var volumes: [String: Empty]?

            enum CodingKeys: String, CodingKey {
                case volumes = "Volumes"
            }
        }

        struct Empty: Decodable {}

        enum CodingKeys: String, CodingKey {
            case id = "Id"
            case config = "Config"
        }
    }

    struct Network: Decodable {
        var driver: String?
        var options: [String: String]?
        var isIPv6Enabled: Bool?

        enum CodingKeys: String, CodingKey {
            case driver = "Driver"
            case options = "Options"
            case isIPv6Enabled = "EnableIPv6"
        }
    }

    /// One line of a pull's progress.
    struct PullLine: Decodable {
        var status: String?
        var id: String?
        var progress: Progress?
        var error: String?

        struct Progress: Decodable {
            var current: Int?
            var total: Int?
        }

        enum CodingKeys: String, CodingKey {
            case status
            case id
            case progress = "progressDetail"
            case error
        }
    }
}
