/// How many characters must be inserted, removed or replaced to turn one word into the other
/// (Levenshtein's distance): what "did you mean" goes by.
///
/// - Complexity: O(product of the lengths).
package func editDistance(_ first: String, _ second: String) -> Int {
    let target = Array(second.utf8)
    var row = Array(0...target.count)
    for (line, letter) in first.utf8.enumerated() {
        var diagonal = row[0]
        row[0] = line + 1
        for index in target.indices {
            let replaced = diagonal + (letter == target[index] ? 0 : 1)
            diagonal = row[index + 1]
            row[index + 1] = min(replaced, diagonal + 1, row[index] + 1)
        }
    }
    return row[target.count]
}
