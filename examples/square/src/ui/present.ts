// The entries of a list that are still there: an entry that was just deleted is null.
export function present<Node>(edges: readonly { node?: Node | null }[]): Node[] {
  return edges.flatMap(({ node }) => (node ? [node] : []));
}
