import Glibc

exit(await GloMain.run(Array(CommandLine.arguments.dropFirst())))
