// Reads one JSON string with SQL a line; writes for each whether it is parsed, and the tables of its parse tree unless it is
// a statement whose tables aren't compared.
const { loadModule, parseSync } = require('libpg-query');

const queries = ['SelectStmt', 'InsertStmt', 'UpdateStmt', 'DeleteStmt', 'MergeStmt'];
const holders = ['CopyStmt', 'PrepareStmt', 'DeclareCursorStmt', 'TruncateStmt'];

function tables(tree) {
  const reads = new Set();
  const writes = new Set();
  const name = range => (range.schemaname ? range.schemaname + '.' : '') + range.relname;

  function walk(value, common) {
    if (value === null || typeof value !== 'object') return;
    for (const [key, child] of Object.entries(value)) {
      if (Array.isArray(value)) walk(child, common);
      else node(key, child, common);
    }
  }

  // In a recursive clause each table sees all of them, else those before it.
  function declare(clause, common) {
    const list = (clause.ctes || []).map(c => c.CommonTableExpr);
    let scope = new Set(common);
    if (clause.recursive) list.forEach(c => scope.add(c.ctename));
    for (const table of list) {
      walk(table.ctequery, scope);
      scope = new Set(scope).add(table.ctename);
    }
    return scope;
  }

  function node(key, value, common) {
    if (value === null || typeof value !== 'object') return;
    if (value.withClause) {
      common = declare(value.withClause, common);
      value = { ...value, withClause: undefined };
    }
    switch (key) {
      case 'InsertStmt':
      case 'UpdateStmt':
      case 'DeleteStmt':
      case 'MergeStmt': {
        const nothing = key === 'MergeStmt' && (value.mergeWhenClauses || []).every(c => c.MergeWhenClause.commandType === 'CMD_NOTHING');
        (nothing ? reads : writes).add(name(value.relation));
        break;
      }
      case 'CopyStmt':
        if (value.relation) (value.is_from ? writes : reads).add(name(value.relation));
        break;
      case 'TruncateStmt':
        value.relations.forEach(r => writes.add(name(r.RangeVar)));
        return;
      case 'intoClause':
        writes.add(name(value.rel));
        return;
      case 'lockedRels':
        return;
      case 'RangeVar':
        if (value.schemaname || !common.has(value.relname)) reads.add(name(value));
        return;
    }
    walk(value, common);
  }

  for (const { stmt } of tree.stmts || []) {
    const kind = Object.keys(stmt)[0];
    if (!queries.includes(kind) && !holders.includes(kind)) return null;
    walk(stmt, new Set());
  }
  return { reads: [...reads], writes: [...writes] };
}

(async () => {
  await loadModule();
  const lines = require('fs').readFileSync(0, 'utf8').split('\n').filter(Boolean);
  for (const line of lines) {
    let found = { parses: false };
    try {
      found = { parses: true, ...tables(parseSync(JSON.parse(line))) };
    } catch {
      // A syntax error.
    }
    console.log(JSON.stringify(found));
  }
})();
