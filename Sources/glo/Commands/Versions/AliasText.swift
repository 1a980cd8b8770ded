import AdminModel
import TextForms

/// The readable form of aliases.
enum AliasText {
    static func list(_ aliases: [AliasInfo], of name: String) -> String {
        guard !aliases.isEmpty else { return "\(name) has no aliases. Make one with: glo alias \(name) live=VERSION\n" }
        var table = TextTable("ALIAS", "VERSIONS", "STICKY", "DESCRIPTION")
        for alias in aliases { table.add(alias.name, shares(alias), alias.stickyHeader, alias.description) }
        return table.text
    }

    static func changed(_ alias: AliasInfo, of name: String) -> String {
        "\(name):\(alias.name) is version \(shares(alias)) from now on.\n"
    }

    /// `3`, or `3 (90 %), 4 (10 %)`.
    static func shares(_ alias: AliasInfo) -> String {
        guard alias.shares.count > 1 else { return alias.shares.first.map { "\($0.version)" } ?? "" }
        return alias.shares.map { "\($0.version) (\(percent($0.weight)) %)" }.joined(separator: ", ")
    }

    /// With at most two decimals.
    static func percent(_ weight: Double) -> String {
        let hundredths = Int((weight * 10_000).rounded())
        if hundredths.isMultiple(of: 100) { return "\(hundredths / 100)" }
        var digits = Timestamp.padded(Int64(hundredths % 100), 2)
        if digits.hasSuffix("0") { digits.removeLast() }
        return "\(hundredths / 100).\(digits)"
    }
}
