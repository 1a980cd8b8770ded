import CLibrary
import CLinux

// glo-init SOCKET [container|process]: the first process of every container (or a plain child of the controller).
exit(Startup.run())
