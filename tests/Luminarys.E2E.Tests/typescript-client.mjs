// Lists the tools of an MCP server and calls those named. Usage: URL TOOL…, or, over standard input and output, TOOL -- PROGRAM ARGUMENT…
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';

const client = new Client({ name: 'luminarys-e2e', version: '0.0.0' });
const given = process.argv.slice(2);
const end = given.indexOf('--');
const transport = end < 0
  ? new StreamableHTTPClientTransport(new URL(given.shift()))
  : new StdioClientTransport({ command: given[end + 1], args: given.slice(end + 2), stderr: 'ignore' });
const names = end < 0 ? given : given.slice(0, end);
await client.connect(transport);

const { tools } = await client.listTools();
for (const tool of tools) console.log(`tool ${tool.name}`);

for (const name of names) {
  const result = await client.callTool({ name, arguments: { message: 'from typescript' } });
  console.log(`${name} -> ${result.content[0].text}`);
}

try {
  await client.callTool({ name: 'no-such__tool', arguments: {} });
} catch (error) {
  console.log(`unknown tool -> ${error.code}`);
}

await client.close();
