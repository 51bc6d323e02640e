import CloudModel
import ControlPlane
import TestSupport
import Testing

@Suite("The codes of the API pages")
struct PageCodeTests {
    @Test("are each reached by a state or parameters, or only by a fault", arguments: PageCodes.all)
    func reached(operation: String, codes: [String]) {
        let reached = Set(
            RefusalTests.all.filter { $0.operation == operation }
                .map { "\($0.httpStatus) \($0.code)" })
        let byFault = PageCodes.byFaultOnly[operation] ?? []
        #expect(Set(codes).subtracting(reached).symmetricDifference(byFault) == [])
    }

    @Test("are answered by faults, once each and in order", arguments: PageCodes.byFaultOnly)
    func faults(operation: String, codes: Set<String>) {
        let isAlibaba = operation != "RevokeSecurityGroupIngress"
        var fleet = isAlibaba ? alibabaWorld() : awsWorld()
        let codes = codes.sorted()
        fleet.faults[operation] = codes.map { text in
            let parts = text.split(separator: " ")
            return Fault(code: String(parts[1]), httpStatus: Int(parts[0]) ?? 0)
        }
        var cloud = ControlPlane(fleet)
        for code in codes {
            let outcome = cloud.perform(OperationRequest(operation, [:]))
            #expect(outcome.summary == code)
            #expect(cloud.fleet == fleet)
        }
        let next = cloud.perform(OperationRequest(operation, [:])).summary
        #expect(!codes.contains(next))
    }
}
