import Glibc

exit(await ChaosMain.run(Array(CommandLine.arguments.dropFirst())))
