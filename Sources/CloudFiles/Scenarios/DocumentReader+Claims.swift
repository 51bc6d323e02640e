internal import CloudModel
internal import Scenarios

/// The keys of what a step expects.
private enum ExpectKey: String, JSONKey {
    case decision, reason, rule, securityGroup, networkInterface, direction
    case ok, unknownPermissions, error, state

    static let table = JSONKeyTable<ExpectKey>()
}

/// The keys of an error that is expected.
private enum ErrorKey: String, JSONKey {
    case code, httpStatus

    static let table = JSONKeyTable<ErrorKey>()
}

/// The keys of what is expected of the fleet.
private enum StateKey: String, JSONKey {
    case rules, securityGroups, status

    static let table = JSONKeyTable<StateKey>()
}

extension DocumentReader {
    /// The expectations that come next.
    mutating func readClaims() throws(JSONSyntaxError) -> [Claim] {
        guard var object = try enterObject(of: ExpectKey.self) else { return [] }
        var claims: [Claim] = []
        while let key = try nextKey(in: &object) {
            switch key {
            case .decision: claims.add(.decision, try readWord(Verdict.self)?.rawValue)
            case .reason: claims.add(.reason, try readWord(Reason.self)?.rawValue)
            case .direction: claims.add(.direction, try readWord(Direction.self)?.rawValue)
            case .rule: claims += try readName().map { [Claim(.rule, $0)] } ?? []
            case .securityGroup: claims += try readName().map { [Claim(.securityGroup, $0)] } ?? []
            case .networkInterface:
                claims += try readName().map { [Claim(.networkInterface, $0)] } ?? []
            case .ok: claims += try readBoolean().map { [Claim(.ok, .truth($0))] } ?? []
            case .unknownPermissions:
                let count = try readInteger(in: 0...Int.max)
                claims += count.map { [Claim(.unknownPermissions, .number($0))] } ?? []
            case .error: claims += try readErrorClaims()
            case .state: claims += try readStateClaims()
            }
        }
        return claims
    }

    /// The name that comes next; `null` if there must be none.
    private mutating func readName() throws(JSONSyntaxError) -> ClaimValue? {
        guard try json.nextKind() == .null else { return try readString().map(ClaimValue.text) }
        try json.readNull()
        return .nothing
    }

    private mutating func readErrorClaims() throws(JSONSyntaxError) -> [Claim] {
        guard var object = try enterObject(of: ErrorKey.self) else { return [] }
        var claims = [Claim(.ok, .truth(false))]
        while let key = try nextKey(in: &object) {
            switch key {
            case .code: claims.add(.errorCode, try readString())
            case .httpStatus:
                let status = try readInteger(in: 100...599)
                claims += status.map { [Claim(.errorHTTPStatus, .number($0))] } ?? []
            }
        }
        return claims
    }

    private mutating func readStateClaims() throws(JSONSyntaxError) -> [Claim] {
        guard var object = try enterObject(of: StateKey.self) else { return [] }
        var claims: [Claim] = []
        while let key = try nextKey(in: &object) {
            guard try expect(.object) else { continue }
            try json.enterObject()
            var known: Set<String> = []
            while let id = try nextName(beside: &known) {
                if let claim = try readStateClaim(key, id) { claims.append(claim) }
            }
        }
        return claims
    }

    /// The claim about the resource `id` whose value comes next.
    private mutating func readStateClaim(
        _ key: StateKey, _ id: String
    ) throws(JSONSyntaxError) -> Claim? {
        switch key {
        case .rules:
            try readStrings().map { Claim(.rules(of: SecurityGroupID(id)), .names($0)) }
        case .securityGroups:
            try readStrings().map { Claim(.securityGroups(of: NetworkInterfaceID(id)), .names($0)) }
        case .status:
            try readWord(NetworkInterfaceStatus.self).map {
                Claim(.status(of: NetworkInterfaceID(id)), .text($0.rawValue))
            }
        }
    }

    /// The next key of an object whose keys are names; repeated ones are reported and passed over.
    private mutating func nextName(
        beside known: inout Set<String>
    ) throws(JSONSyntaxError) -> String? {
        while let key = try json.nextKey() {
            let name = json.string(key)
            if known.insert(name).inserted { return name }
            report(.duplicateKey)
            try skipValue()
        }
        return nil
    }
}

extension [Claim] {
    /// Appends the claim that `subject` is `text`, if there is one.
    fileprivate mutating func add(_ subject: Claim.Subject, _ text: String?) {
        if let text { append(Claim(subject, .text(text))) }
    }
}
