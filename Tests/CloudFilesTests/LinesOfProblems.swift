import CloudFiles

/// The problems that keep a file from being loaded, one line each.
func linesOfProblems(_ load: () throws(FleetFileError) -> Void) -> [String] {
    do throws(FleetFileError) {
        try load()
        return []
    } catch {
        return error.lines
    }
}
