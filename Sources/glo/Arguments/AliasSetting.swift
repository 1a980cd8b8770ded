import AdminModel
import ArgumentParser
import FunctionModel

/// `NAME=VERSION`, or `NAME=VERSION:PERCENT,VERSION:PERCENT…`; the first version is the main one.
struct AliasSetting: ExpressibleByArgument, Equatable {
    let name: String
    let shares: [AliasInfo.Share]

    init?(argument: String) {
        let parts = argument.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
        guard parts.count == 2, VersionAlias.isName(String(parts[0])) else { return nil }
        name = String(parts[0])
        let items = parts[1].split(separator: ",", omittingEmptySubsequences: false).map { item in
            item.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
        }
        guard items.allSatisfy({ $0.count == 2 || items.count == 1 }) else { return nil }
        var shares: [AliasInfo.Share] = []
        for item in items {
            guard let version = Int(item[0]), version >= 1 else { return nil }
            let text = item.count == 2 ? String(item[1]) : "100"
            guard let percent = Double(text), percent > 0, percent <= 100 else { return nil }
            shares.append(AliasInfo.Share(version: version, weight: percent / 100))
        }
        guard abs(shares.reduce(0) { $0 + $1.weight } - 1) < 1e-9 else { return nil }
        self.shares = shares
    }
}
