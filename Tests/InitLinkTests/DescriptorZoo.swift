import CLinux
import Glibc
import InitLink
import LinuxSystem

/// Every kind of descriptor that somebody could pass.
enum ZooKind: CaseIterable, Sendable {
    case readOnlyFile, file, directory, nullDevice, zeroDevice, terminal, place, memoryFile
    case event, poll, process, watch
    case pipeReading, pipeWriting, namedPipeBoth
    case tcpNew, tcpListener, tcpListenerElsewhere, tcpListenerOnAllAddresses, tcpListener6
    case tcpConnection, tcpConnectionElsewhere, tcpShutDown, tcpReset
    case udp, udpConnected
    case unixStream, unixStreamNew, unixListener, unixDatagrams, unixPackets, unixDatagramNew
    case netlink
}

/// One descriptor of a kind, with what it needs to stay what it is.
final class ZooAnimal {
    struct Failed: Error {
        let kind: ZooKind
        let code = clinux_errno()
    }

    let descriptor: OwnedDescriptor
    /// The port that a message about it has to name; 0 for those that have none.
    private(set) var port: UInt16 = 0
    private var companions: [OwnedDescriptor] = []

    /// - Parameter directory: for what has a name.
    init(_ kind: ZooKind, in directory: String) throws {
        var companions: [OwnedDescriptor] = []
        var port: UInt16 = 0
        let made = Self.make(kind, directory, &companions, &port)
        guard made >= 0 else { throw Failed(kind: kind) }
        descriptor = OwnedDescriptor(owning: made)
        self.companions = companions
        self.port = port
    }

    private static func make(
        _ kind: ZooKind, _ directory: String, _ companions: inout [OwnedDescriptor], _ port: inout UInt16
    ) -> Int32 {
        switch kind {
        case .readOnlyFile: clinux_open("/etc/passwd", O_RDONLY, 0)
        case .file: clinux_open(directory + "/data", O_RDWR | O_CREAT, 0o600)
        case .directory: clinux_open("/", O_RDONLY, 0)
        case .nullDevice: clinux_open("/dev/null", O_RDWR, 0)
        case .zeroDevice: clinux_open("/dev/zero", O_RDWR, 0)
        case .terminal: clinux_open("/dev/ptmx", O_RDWR | O_NOCTTY, 0)
        case .place: clinux_open_place("/")
        case .memoryFile: clinux_memory_file("zoo")
        case .event: clinux_wakeup()
        case .poll: clinux_epoll()
        case .process: clinux_open_process(getpid())
        case .watch: eventSource(&companions)
        case .pipeReading: pipe(&companions, reading: true)
        case .pipeWriting: pipe(&companions, reading: false)
        case .namedPipeBoth: namedPipe(directory)
        case .tcpNew: tcp(AF_INET)
        case .tcpListener: clinux_listen_loopback(&port, 4)
        case .tcpListenerElsewhere: listenerElsewhere(&port)
        case .tcpListenerOnAllAddresses: listenerOnAllAddresses(&port)
        case .tcpListener6: listener6(&port)
        case .tcpConnection: connection(&companions, &port)
        case .tcpConnectionElsewhere: connectionElsewhere(&companions, &port)
        case .tcpShutDown: shutDown(&companions, &port)
        case .tcpReset: reset(&port)
        case .udp: socket(AF_INET, 2, 0)
        case .udpConnected: udpConnected()
        case .unixStream: pair(clinux_stream_socket, &companions)
        case .unixStreamNew: socket(AF_UNIX, clinux_stream_socket, 0)
        case .unixListener: unixListener(directory)
        case .unixDatagrams: pair(2, &companions)
        case .unixPackets: pair(5, &companions)
        case .unixDatagramNew: socket(AF_UNIX, 2, 0)
        case .netlink: socket(16, 3, 0)
        }
    }

    // MARK: Those that need more than one call

    private static func eventSource(_ companions: inout [OwnedDescriptor]) -> Int32 {
        // An epoll that watches another: the kernel takes neither for a stream.
        let outer = clinux_epoll()
        let inner = OwnedDescriptor(owning: clinux_epoll())
        _ = clinux_epoll_add(outer, inner.raw, 1, true, false)
        companions.append(inner)
        return outer
    }

    private static func pipe(_ companions: inout [OwnedDescriptor], reading: Bool) -> Int32 {
        var read: Int32 = -1
        var write: Int32 = -1
        guard clinux_pipe(&read, &write) == 0 else { return -1 }
        companions.append(OwnedDescriptor(owning: reading ? write : read))
        return reading ? read : write
    }

    private static func namedPipe(_ directory: String) -> Int32 {
        let path = directory + "/fifo"
        _ = mkfifo(path, 0o600)
        defer { unlink(path) }
        return clinux_open(path, O_RDWR, 0)
    }

    private static func tcp(_ family: Int32) -> Int32 { socket(family, clinux_stream_socket, 0) }

    private static func listenerElsewhere(_ port: inout UInt16) -> Int32 {
        let listener = clinux_listen_loopback(&port, 4)
        port = port == .max ? 1 : port + 1
        return listener
    }

    private static func listenerOnAllAddresses(_ port: inout UInt16) -> Int32 {
        let listener = tcp(AF_INET)
        // Unbound, it gets all addresses and a free port.
        guard listen(listener, 4) == 0 else { return -1 }
        var address = sockaddr_in()
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        _ = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { getsockname(listener, $0, &length) }
        }
        port = UInt16(bigEndian: address.sin_port)
        return listener
    }

    private static func listener6(_ port: inout UInt16) -> Int32 {
        let listener = tcp(AF_INET6)
        guard listener >= 0, listen(listener, 4) == 0 else { return tcp(AF_INET6) }
        port = 9001
        return listener
    }

    private static func connection(_ companions: inout [OwnedDescriptor], _ port: inout UInt16) -> Int32 {
        let listener = OwnedDescriptor(owning: clinux_listen_loopback(&port, 4))
        companions.append(listener)
        var isDone = false
        let client = clinux_connect_loopback(port, &isDone)
        var waiting = pollfd(fd: client, events: Int16(POLLOUT), revents: 0)
        _ = poll(&waiting, 1, 5000)
        let accepted = clinux_accept(listener.raw)
        companions.append(OwnedDescriptor(owning: accepted))
        return client
    }

    private static func connectionElsewhere(_ companions: inout [OwnedDescriptor], _ port: inout UInt16) -> Int32 {
        let client = connection(&companions, &port)
        port = port == .max ? 1 : port + 1
        return client
    }

    private static func shutDown(_ companions: inout [OwnedDescriptor], _ port: inout UInt16) -> Int32 {
        let client = connection(&companions, &port)
        _ = shutdown(client, 2)
        return client
    }

    private static func reset(_ port: inout UInt16) -> Int32 {
        var companions: [OwnedDescriptor] = []
        let client = connection(&companions, &port)
        guard let peer = companions.last else { return -1 }
        // Closed with this it resets.
        var now = linger(l_onoff: 1, l_linger: 0)
        _ = setsockopt(peer.raw, SOL_SOCKET, SO_LINGER, &now, socklen_t(MemoryLayout<linger>.size))
        peer.close()
        var waiting = pollfd(fd: client, events: Int16(POLLIN), revents: 0)
        _ = poll(&waiting, 1, 5000)
        return client
    }

    private static func udpConnected() -> Int32 {
        let udp = socket(AF_INET, 2, 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = UInt16(53).bigEndian
        address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
        _ = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(udp, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        return udp
    }

    private static func pair(_ type: Int32, _ companions: inout [OwnedDescriptor]) -> Int32 {
        var ends: [Int32] = [-1, -1]
        guard socketpair(AF_UNIX, type, 0, &ends) == 0 else { return -1 }
        companions.append(OwnedDescriptor(owning: ends[1]))
        return ends[0]
    }

    private static func unixListener(_ directory: String) -> Int32 {
        let place = OwnedDescriptor(owning: clinux_open_place(directory))
        defer { unlink(directory + "/zoo.sock") }
        return clinux_listen_unix_at(place.raw, "zoo.sock")
    }
}
