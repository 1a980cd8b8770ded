internal import CLinux
import Glibc
import LinuxSystem

/// What the kernel says of a descriptor that init has passed.
struct DescriptorFacts: Hashable, Sendable {
    /// An end of a TCP connection, or where a listener listens.
    struct Endpoint: Hashable, Sendable {
        var isLoopback: Bool
        var port: UInt16
    }

    enum Sort: Hashable, Sendable {
        case pipe(reads: Bool, writes: Bool)
        case tcpListener(Endpoint)
        case tcpConnection(peer: Endpoint)
        /// TCP without a peer: it never had one, or the connection is over.
        case tcpUnconnected
        /// A Unix stream socket with a peer.
        case unixConnection
        /// Anything else: files, directories, devices, other sockets, mere places, ...
        case other
    }

    var sort: Sort

    init(_ sort: Sort) { self.sort = sort }

    /// Asks the kernel.
    init(of descriptor: OwnedDescriptor) {
        var facts = clinux_descriptor_facts()
        guard clinux_look_at_descriptor(descriptor.raw, &facts) == 0 else {
            sort = .other
            return
        }
        switch facts.sort {
        case CLINUX_DESCRIPTOR_PIPE: sort = .pipe(reads: facts.reads, writes: facts.writes)
        case CLINUX_DESCRIPTOR_SOCKET: sort = Self.socket(facts)
        default: sort = .other
        }
    }

    private static func socket(_ facts: clinux_descriptor_facts) -> Sort {
        guard facts.type == clinux_stream_socket else { return .other }
        switch facts.domain {
        case AF_UNIX where facts.connected && !facts.listens: return .unixConnection
        case AF_INET where facts.protocol == clinux_tcp: return tcp(facts)
        default: return .other
        }
    }

    private static func tcp(_ facts: clinux_descriptor_facts) -> Sort {
        if facts.listens {
            return .tcpListener(Endpoint(isLoopback: facts.local_is_loopback, port: facts.local_port))
        }
        guard facts.connected else { return .tcpUnconnected }
        let isLoopback = facts.local_is_loopback && facts.peer_is_loopback
        return .tcpConnection(peer: Endpoint(isLoopback: isLoopback, port: facts.peer_port))
    }
}
