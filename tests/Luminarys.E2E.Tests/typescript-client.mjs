// Lists the tools of the MCP server given as argument and calls two of them.
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';

const client = new Client({ name: 'luminarys-e2e', version: '0.0.0' });
await client.connect(new StreamableHTTPClientTransport(new URL(process.argv[2])));

const { tools } = await client.listTools();
for (const tool of tools) console.log(`tool ${tool.name}`);

for (const name of ['echo-here__echo', 'echo-there__echo']) {
  const result = await client.callTool({ name, arguments: { message: 'from typescript' } });
  console.log(`${name} -> ${result.content[0].text}`);
}

try {
  await client.callTool({ name: 'no-such__tool', arguments: {} });
} catch (error) {
  console.log(`unknown tool -> ${error.code}`);
}

await client.close();
