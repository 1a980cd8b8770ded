import ArgumentParser

/// The options of every command that talks to a controller.
struct ConnectionOptions: ParsableArguments {
    @Option(
        name: .long,
        help: ArgumentHelp(
            "The controller's state directory (default: $GLO_STATE, else .glo; for root /var/lib/glo).",
            valueName: "dir"))
    var state: String?

    var client: AdminClient { AdminClient(state: .resolve(flag: state)) }
}
