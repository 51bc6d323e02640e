import CloudModel
import ControlPlane
import Testing

@Suite("Client tokens")
struct IdempotenceTests {
    private let request = RefusalTable.revokeIDs.base.merging(["ClientToken": "t-1"]) { $1 }

    @Test("a repeated call has the first answer and no second effect")
    func repeated() {
        let results = outcomes(
            in: alibabaWorld(),
            [("RevokeSecurityGroup", request), ("RevokeSecurityGroup", request)])
        #expect(results[0].success?.changes.count == 1)
        #expect(results[1].success?.changes == [])
        #expect(results[0].success?.requestID == results[1].success?.requestID)
    }

    @Test("other parameters with the same token are refused")
    func mismatch() {
        let other = request.merging(["SecurityGroupRuleId": ["sgr-2"]]) { $1 }
        let results = outcomes(
            in: alibabaWorld(),
            [("RevokeSecurityGroup", request), ("RevokeSecurityGroup", other)])
        #expect(results[1].summary == "400 IdempotentParameterMismatch")
    }

    @Test("a refused call leaves its token free")
    func refusedFirst() {
        let bad = request.merging(["SecurityGroupRuleId": ["sgr-none"]]) { $1 }
        let results = outcomes(
            in: alibabaWorld(), [("RevokeSecurityGroup", bad), ("RevokeSecurityGroup", request)])
        #expect(
            results.map(\.summary) == ["404 InvalidSecurityGroupRuleId.NotFound", "ok"])
    }

    @Test(
        "a token is at most 64 ASCII characters",
        arguments: [String(repeating: "x", count: 65), "tök"])
    func malformed(token: String) {
        let bad = request.merging(["ClientToken": .string(token)]) { $1 }
        #expect(
            outcome(in: alibabaWorld(), "RevokeSecurityGroup", bad)
                == "400 InvalidClientToken.ValueNotSupported")
    }

    @Test("calls that are not idempotent have no token")
    func noToken() {
        let leave = RefusalTable.leaveInstance.base.merging(["ClientToken": "t-1"]) { $1 }
        #expect(
            outcome(in: alibabaWorld(), "LeaveSecurityGroup", leave) == "400 UnsupportedParameter")
        #expect(outcome(in: alibabaWorld(), "Leave", [:]) == "404 InvalidAction.NotFound")
        #expect(outcome(in: awsWorld(), "LeaveSecurityGroup", [:]) == "400 InvalidAction")
    }
}
