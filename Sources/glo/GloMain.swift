import ArgumentParser
import CurlClient

/// The command line from arguments to exit code.
enum GloMain {
    /// Runs one command. Results go to standard output, everything else to standard error.
    static func run(_ arguments: [String]) async -> Int32 {
        CurlClient.initialize()
        do {
            var command = try GloCommand.parseAsRoot(arguments)
            if var asynchronous = command as? any AsyncParsableCommand {
                try await asynchronous.run()
            } else {
                try command.run()
            }
            return ExitStatus.ok.rawValue
        } catch let failure as CommandFailure {
            failure.print()
            return failure.status.rawValue
        } catch {
            return end(error)
        }
    }

    /// Help and version texts, mistakes in the arguments, and errors of commands that have no code of their own.
    private static func end(_ error: any Error) -> Int32 {
        let text = GloCommand.fullMessage(for: error)
        switch GloCommand.exitCode(for: error) {
        case .success:
            Console.output(text.isEmpty ? "" : text + "\n")
            return ExitStatus.ok.rawValue
        case .validationFailure:
            Console.error(text)
            return ExitStatus.usage.rawValue
        case let code:
            if !text.isEmpty { Console.error(text) }
            return code.rawValue
        }
    }
}
