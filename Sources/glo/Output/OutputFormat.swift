import ArgumentParser

/// What `-o` chooses.
enum OutputFormat: String, ExpressibleByArgument, CaseIterable {
    case text
    case json
}

/// The option that every command has.
struct OutputOptions: ParsableArguments {
    @Option(
        name: [.short, .customLong("output")], help: "How to print the result: text for people, json for programs.")
    var output: OutputFormat = .text
}
