import AdminModel
import ArgumentParser
import Glibc

/// `glo nginx`.
struct NginxCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "nginx", abstract: "Print a configuration of nginx for the routes that are deployed.",
        discussion: """
            The routes and time limits are those of the running controller, else of the functions directory.

            glo nginx --server-name functions.example.org --certbot > /etc/nginx/sites-available/glo.conf
            ln -s ../sites-available/glo.conf /etc/nginx/sites-enabled/ && nginx -t && systemctl reload nginx
            """)

    @Option(help: ArgumentHelp("The name that clients use.", valueName: "name"))
    var serverName = "_"

    @Option(help: ArgumentHelp("TLS with this certificate and its chain (PEM).", valueName: "file"))
    var certificate: String?

    @Option(help: ArgumentHelp("The certificate's private key.", valueName: "file"))
    var key: String?

    @Flag(help: "TLS with the certificate that certbot keeps for the server's name.")
    var certbot = false

    @Option(help: ArgumentHelp("Requests per second of one client address.", valueName: "number"))
    var rate = 50

    @Option(help: ArgumentHelp("The port for HTTP.", valueName: "port"))
    var httpPort = 80

    @Option(help: ArgumentHelp("The port for HTTPS.", valueName: "port"))
    var httpsPort = 443

    @Flag(inversion: .prefixedNo, help: "Listen on IPv6 too (default: when this machine has it).")
    var ipv6: Bool?

    @Option(
        help: ArgumentHelp(
            "The controller's configuration (default: $GLO_CONFIG, else /etc/glo/glo.yaml when it is there).",
            valueName: "file"))
    var config: String?

    @Option(help: ArgumentHelp("The functions directory, when no controller runs.", valueName: "dir"))
    var functions: String?

    @OptionGroup var connection: ConnectionOptions

    func validate() throws {
        guard (certificate == nil) == (key == nil) else {
            throw ValidationError("--certificate and --key go together.")
        }
        guard !certbot || certificate == nil else { throw ValidationError("Choose --certbot or --certificate.") }
        guard !certbot || serverName != "_" else { throw ValidationError("--certbot needs --server-name.") }
        let words = [serverName, certificate ?? "", key ?? ""]
        guard words.allSatisfy({ $0.allSatisfy { !$0.isWhitespace && !";{}\"'$#\\".contains($0) } }) else {
            throw ValidationError("Names and paths have no blanks, quotes, or any of ; { } $ # \\.")
        }
        guard (1...1_000_000).contains(rate) else { throw ValidationError("--rate is a number from 1 to 1000000.") }
        guard [httpPort, httpsPort].allSatisfy((1...65_535).contains) else {
            throw ValidationError("A port is a number from 1 to 65535.")
        }
    }

    func run() async throws {
        let values = try await DoctorFacts.configuration(config, Environment.all)
        let state = StateDirectory(
            flag: connection.state ?? values.text("state"), environment: nil, isRoot: geteuid() == 0)
        let client = AdminClient(state: state)
        let status = try? client.get(AdminPath.status, as: ControllerStatus.self).document
        let address =
            status?.listeners.first { $0.role == "public" }?.address ?? values.text("listen") ?? "127.0.0.1:8080"
        let routes: [NginxRoute]
        if status != nil, functions == nil {
            routes = try NginxRoutes.deployed(client)
        } else {
            routes = try NginxRoutes.dropped(in: functions ?? values.text("functions") ?? "functions")
        }
        let configuration = NginxConfiguration(
            serverName: serverName, encryption: encryption, httpPort: httpPort, httpsPort: httpsPort,
            hasIPv6: ipv6 ?? (access("/proc/net/if_inet6", F_OK) == 0),
            upstream: NginxRoutes.reachable(address), maximumBodyBytes: try values.bytes("maxBody") ?? 6 << 20,
            rate: rate, routes: routes)
        Console.output(configuration.text)
        if values.list("trustedProxies").isEmpty {
            Console.error("glo: the controller believes no proxy yet: trustedProxies: [127.0.0.1, \"::1\"] in glo.yaml")
        }
    }

    private var encryption: NginxConfiguration.Encryption {
        if certbot { return .certbot }
        if let certificate, let key { return .files(certificate: certificate, key: key) }
        return .none
    }
}
