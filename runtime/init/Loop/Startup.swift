import CLibrary
import CLinux

/// From the command line to the running loop.
enum Startup {
    /// Returns the program's exit code.
    static func run() -> Int32 {
        clinux_secure_descriptors()
        guard let path = clinux_argument(1), let mode = mode() else {
            Text("usage: glo-init SOCKET [container|process]").report()
            return 64
        }
        // The handler runs as the same user: it must not take over this process or its descriptors.
        clinux_forbid_inspection()
        _ = clinux_become_subreaper()
        _ = umask(0o022)
        let signals = Descriptor(owning: clinux_take_signals())
        guard signals.isOpen else { return fail("cannot take signals", clinux_errno()) }
        let socket = clinux_connect_unix(path)
        guard socket >= 0, clinux_set_nonblocking(socket) == 0 else {
            return fail("cannot connect to the controller", clinux_errno())
        }
        // Before anything is started, and for this process too: whoever takes it over has no more calls than a handler.
        // Process mode is for development, where a handler may want more of its host.
        if mode == GLO_MODE_CONTAINER, clinux_install_filter() != 0 {
            _ = fail("cannot filter system calls: this kernel has no seccomp filters", clinux_errno())
            return GLO_EXIT_NO_FILTER
        }
        let control = ControlLink(socket: socket)
        control.sendHello(mode: mode)
        let context = InitContext(control: control, mode: mode)
        return EventLoop(context: context, signals: signals.raw).run()
    }

    private static func mode() -> Int32? {
        guard let word = clinux_argument(2) else { return GLO_MODE_CONTAINER }
        if strcmp(word, "container") == 0 { return GLO_MODE_CONTAINER }
        return strcmp(word, "process") == 0 ? GLO_MODE_PROCESS : nil
    }

    private static func fail(_ words: StaticString, _ error: Int32) -> Int32 {
        Text(words).explained(by: error).report()
        return 1
    }
}
