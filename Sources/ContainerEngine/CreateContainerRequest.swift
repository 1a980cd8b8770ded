/// `POST /containers/create` (Engine API 1.41). Members are written with a capital first letter.
struct CreateContainerRequest: Encodable {
    var image: String
    var entrypoint: [String]
    var cmd: [String]
    var user: String
    var workingDir: String
    var labels: [String: String]
    var healthcheck: Healthcheck
    var hostConfig: HostConfig

    struct Healthcheck: Encodable {
        var test: [String]
    }

    /// What is constant here is the same for every container.
    struct HostConfig: Encodable {
        var networkMode: String
        var readonlyRootfs = true
        var tmpfs: [String: String]
        var capDrop = ["ALL"]
        var pidsLimit: Int
        var memory: Int
        /// Memory and swap together; equal to `memory`, or a container gets the same again as swap.
        var memorySwap: Int
        var nanoCpus: Int
        var ulimits: [Ulimit]
        /// Never `Binds`: those make a missing source as a directory of root's.
        var mounts: [Mount]
        var ipcMode = "none"
        var logConfig = LogConfig()
        var restartPolicy = RestartPolicy()
        var securityOpt: [String]
        var oomScoreAdj: Int
        var autoRemove = false
        var privileged = false
    }

    struct Ulimit: Encodable {
        var name: String
        var soft: Int
        var hard: Int
    }

    struct Mount: Encodable {
        var type = "bind"
        var source: String
        var target: String
        var readOnly = true
        var bindOptions = BindOptions()
    }

    struct BindOptions: Encodable {
        var nonRecursive = true
    }

    struct LogConfig: Encodable {
        var type = "none"
    }

    struct RestartPolicy: Encodable {
        var name = "no"
    }
}
