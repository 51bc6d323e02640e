package import CloudModel

/// The calls that change a fleet, carried out as the vendors would.
///
///     var cloud = ControlPlane(fleet)
///     switch cloud.perform(OperationRequest("LeaveSecurityGroup", parameters)) {
///     case .success(let success): tables.apply(success.changes)
///     case .refused(let refusal): print(refusal.code)
///     }
///
/// A call is planned against the state and then committed as a whole: a refused one leaves the
/// fleet as it was. Which vendor's calls there are is the fleet's ``Fleet/vendor``. A plain value
/// without clock or threads: a copy is a fork, and costs its arrays only once it is changed.
package struct ControlPlane: Sendable {
    private var state: CloudState
    /// How many calls were made; request ids are numbered by it.
    private var requestCount = 0
    /// How many of the fleet's faults were answered, by operation. The fleet itself keeps them: a
    /// refused call leaves it as it was.
    private var faultsAnswered: [String: Int] = [:]
    /// The answers to calls that carried a client token, for the life of the control plane.
    private var answers: [String: (request: OperationRequest, success: OperationSuccess)] = [:]

    /// A control plane for `fleet`.
    ///
    /// - Complexity: linear in the fleet.
    package init(_ fleet: Fleet) { state = CloudState(fleet) }

    /// The state after the calls so far.
    package var fleet: Fleet { state.fleet }

    /// Carries out `request`, or refuses it and changes nothing.
    ///
    /// - Complexity: O(1) look-ups, O(*r*) in the rules of the group for calls on rules, O(*m*) in
    ///   the members of the group where their rule quota is checked. Nothing scans the fleet's
    ///   rules; assigning an address compares it with those of all interfaces.
    package mutating func perform(_ request: OperationRequest) -> OperationOutcome {
        requestCount += 1
        do throws(Refusal) {
            return .success(try carryOut(request))
        } catch {
            return .refused(error)
        }
    }

    /// The interfaces whose filtering `changes` altered, as they stand now: for a rule the members
    /// of its group, for a prefix list the members of all groups that name it. Those that are
    /// reached through a reference to a changed group are not among them.
    ///
    /// - Complexity: O(*n* log *n*) for *n* interfaces found.
    package func interfaces(changedBy changes: [FleetChange]) -> [NetworkInterfaceID] {
        changes.reduce(into: Set()) { $0.formUnion(state.interfaces(changedBy: $1)) }.sorted()
    }

    /// The places in the fleet's list of all interfaces whose decisions `changes` can have altered: those
    /// whose rules or groups changed, and those that are reached because a peer of theirs joined or left
    /// a group, or gained or lost an address. What a status does to all packets alike is not meant.
    ///
    /// - Complexity: O(*n* log *n*) for *n* interfaces found.
    package func places(reachedBy changes: [FleetChange]) -> [Int] {
        var reached: Set<NetworkInterfaceID> = []
        for change in changes { reached.formUnion(state.interfaces(reachedBy: change)) }
        return reached.compactMap { place(of: $0) }.sorted()
    }

    /// An interface's place in the fleet's list, which no call changes; `nil` if there is none.
    package func place(of interface: NetworkInterfaceID) -> Int? {
        state.interfacePositions[interface]
    }

    /// The names of the calls that a fleet of `vendor` takes, in alphabetical order.
    package static func operationNames(of vendor: Vendor) -> [String] {
        Operation.catalog(of: vendor).keys.sorted()
    }

    private mutating func carryOut(
        _ request: OperationRequest
    ) throws(Refusal) -> OperationSuccess {
        let vendor = state.fleet.vendor
        guard let operation = Operation.catalog(of: vendor)[request.operation] else {
            throw .unknownOperation(request.operation, vendor: vendor)
        }
        if let fault = nextFault(of: request.operation) { throw fault }
        let parameters = Parameters(request.parameters)
        let token = try clientToken(in: parameters, of: operation)
        if let token, let stored = try answer(to: request, token: token) { return stored }
        try operation.checkNames(parameters, vendor: vendor)
        let success = commit(try operation.plan(parameters, state))
        if let token { answers[token] = (request, success) }
        return success
    }

    private mutating func commit(_ plan: Plan) -> OperationSuccess {
        for change in plan.changes { state.apply(change) }
        if let number = plan.lastRuleNumber { state.useRuleNumbers(through: number) }
        return OperationSuccess(
            requestID: requestID(number: requestCount), changes: plan.changes,
            warnings: plan.warnings, returned: plan.returned)
    }

    private mutating func nextFault(of operation: String) -> Refusal? {
        let answered = faultsAnswered[operation, default: 0]
        guard let faults = state.fleet.faults[operation], answered < faults.count else {
            return nil
        }
        faultsAnswered[operation] = answered + 1
        return Refusal(
            faults[answered].httpStatus, faults[answered].code,
            "the fleet's `faults` have this call of `\(operation)` fail")
    }

    /// Source: SEMANTICS C.2.5.
    private func clientToken(
        in parameters: Parameters, of operation: Operation
    ) throws(Refusal) -> String? {
        guard operation.parameters.contains("ClientToken") else { return nil }
        let token = try parameters.text("ClientToken", orRefuse: .invalidClientToken)
        guard let token else { return nil }
        guard token.utf8.count <= 64, token.utf8.allSatisfy({ $0 < 0x80 }) else {
            throw .invalidClientToken
        }
        return token
    }

    /// The stored answer to a call that is repeated. It reports no change: none is made again.
    private func answer(
        to request: OperationRequest, token: String
    ) throws(Refusal) -> OperationSuccess? {
        guard let stored = answers[token] else { return nil }
        guard stored.request == request else { throw .idempotentParameterMismatch(token) }
        var success = stored.success
        success.changes = []
        return success
    }
}

/// An id in the form of both vendors', made of the number of the call.
private func requestID(number: Int) -> String {
    let digits = String(number, radix: 16, uppercase: true)
    return "00000000-0000-4000-8000-" + String(repeating: "0", count: max(0, 12 - digits.count))
        + digits
}
