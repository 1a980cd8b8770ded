/// All checks, in the order in which they are told.
package enum Examination {
    /// Everything that needs no measuring.
    package static func findings(_ source: HostSource, _ facts: GloFacts) -> [Finding] {
        machine(source) + [AppArmorCheck.finding(source)]
            + EngineCheck.findings(facts.engine, problem: facts.engineProblem, trial: facts.engineTrial)
            + [RedisCheck.finding(facts.redis), HugePagesCheck.finding(source)]
            + SysctlCheck.all.map { $0.finding(source) }
            + [
                OpenFilesCheck.finding(source, controller: facts.controllerPID), SwapCheck.finding(source),
                ClockCheck.finding(source), MemoryCheck.finding(source, facts),
                DiskCheck.kind(source, facts.stateDirectory),
                DiskCheck.space(source, existing(source, facts.stateDirectory)),
                ListenersCheck.finding(source, facts), StateModesCheck.finding(source, facts.stateDirectory),
                FunctionsModesCheck.finding(source, facts.functionsDirectory),
            ]
    }

    private static func machine(_ source: HostSource) -> [Finding] {
        [
            VirtualisationCheck.finding(source), KernelCheck.finding(source), CgroupCheck.finding(source),
            SystemCallsCheck.finding(source),
        ]
    }

    /// The path, or the nearest directory above it that is there already.
    package static func existing(_ source: HostSource, _ path: String) -> String {
        var path = path
        while !source.exists(path), let slash = path.lastIndex(of: "/") {
            path = slash == path.startIndex ? "/" : String(path[..<slash])
            if path == "/" { break }
        }
        return path
    }
}
