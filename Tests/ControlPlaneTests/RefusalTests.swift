import CloudModel
import ControlPlane
import Testing

/// The tables of SEMANTICS C, by example.
@Suite("Refusals")
struct RefusalTests {
    static let ordered: [[RefusalCase]] = [
        RefusalTable.leaveInstanceCases, RefusalTable.leaveInterfaceCases,
        RefusalTable.joinInstanceCases, RefusalTable.joinInterfaceCases,
        RefusalTable.detachCases,
    ]
    static let all =
        ordered.flatMap { $0 } + RefusalTable.revokeParameterCases
        + RefusalTable.revokeStateCases + RefusalTable.awsRevokeCases

    static let bases: [RefusalTable] = [
        .leaveInstance, .leaveInterface, .joinInstance, .joinInterface, .detach, .revokeIDs,
        .revokeFlat, .revokeListed, .awsRevokeIDs, .awsRevokeFlat, .awsRevokeListed,
    ]

    @Test("come when one thing is wrong, and the fleet stays as it was", arguments: all)
    func single(example: RefusalCase) {
        var fleet = example.world()
        example.edit(&fleet)
        var request = example.base
        example.change(&request)
        var cloud = ControlPlane(fleet)
        let outcome = cloud.perform(OperationRequest(example.operation, request))
        #expect(outcome.summary == "\(example.httpStatus) \(example.code)")
        #expect(cloud.fleet == fleet)
    }

    @Test("do not come when nothing is wrong", arguments: bases.indices)
    func nothingWrong(index: Int) {
        let table = RefusalTests.bases[index]
        let fleet = table.vendor == .alibaba ? alibabaWorld() : awsWorld()
        let outcomes = outcomes(in: fleet, [(table.operation, table.base)])
        #expect(outcomes[0].success?.changes.isEmpty == false)
    }

    @Test("come in the order of the tables when two things are wrong", arguments: ordered.indices)
    func firstWins(tableIndex: Int) {
        let table = RefusalTests.ordered[tableIndex].filter(\.isIndependent)
        for (index, first) in table.enumerated() {
            for second in table[(index + 1)...] where second.row != first.row {
                var fleet = first.world()
                second.edit(&fleet)
                first.edit(&fleet)
                var request = first.base
                second.change(&request)
                first.change(&request)
                #expect(
                    outcome(in: fleet, first.operation, request)
                        == "\(first.httpStatus) \(first.code)", "\(first.row) before \(second.row)")
            }
        }
    }
}
