/** @returns the lines of a Markdown table: texts to the left, numbers to the right */
export function table(head, rows) {
  const cells = [head, ...rows].map(row => row.map(String));
  const widths = head.map((_, column) => Math.max(3, ...cells.map(row => row[column].length)));
  const isNumber = column => rows.every(row => typeof row[column] === 'number');
  const line = row =>
    `| ${row.map((cell, column) => (isNumber(column) ? cell.padStart(widths[column]) : cell.padEnd(widths[column]))).join(' | ')} |`;
  const rule = widths.map((width, column) =>
    isNumber(column) ? `${'-'.repeat(width - 1)}:` : '-'.repeat(width),
  );
  return [line(cells[0]), line(rule), ...cells.slice(1).map(line)];
}
