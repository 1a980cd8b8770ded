import ArgumentParser

/// The option `--wait`, with or without seconds.
struct WaitOption: ParsableArguments {
    @Option(
        defaultAsFlag: WaitTime.untilEnd, parsing: .next,
        help: ArgumentHelp("Wait until it has ended, or for so many seconds.", valueName: "seconds"))
    var wait: WaitTime?
}
