import Glibc

/// Where the engine listens.
package enum EngineSocket {
    /// `DOCKER_HOST` when it names a Unix socket, else the first usual place that has one.
    /// - Throws: `badConfiguration` when `DOCKER_HOST` is something else: containers share files and sockets with this
    ///   host, so an engine elsewhere is of no use.
    package static func locate(
        environment: [String: String], exists: (String) -> Bool = { FileKind(path: $0) != nil }
    ) throws(EngineError) -> String {
        if let host = environment["DOCKER_HOST"], !host.isEmpty {
            guard host.hasPrefix("unix:///"), host.utf8.count <= 7 + 107 else {
                throw EngineError(
                    .badConfiguration, "DOCKER_HOST is \(host), which is not a Unix socket on this host.",
                    hint: "Set DOCKER_HOST=unix:///path/to/docker.sock, or unset it.")
            }
            return String(host.dropFirst("unix://".count))
        }
        var places = ["/var/run/docker.sock"]
        let runtime = environment["XDG_RUNTIME_DIR"].flatMap { $0.isEmpty ? nil : $0 }
        if let runtime { places.append("\(runtime)/docker.sock") }
        return places.first(where: exists) ?? places[0]
    }

    /// The name of the group that owns a socket, for the hint of who may use it.
    static func owningGroup(of path: String) -> String? {
        var status = stat()
        guard stat(path, &status) == 0 else { return nil }
        guard let group = getgrgid(status.st_gid) else { return String(status.st_gid) }
        return String(cString: group.pointee.gr_name)
    }
}
