// Run from the root of the repository: dotnet run --project samples/EmbeddedMaster
// A web application that is also a Luminarys master: its own pages, and an MCP endpoint with the skills of its manifests.
using Luminarys.Hosting;
using Luminarys.Mcp;

var builder = WebApplication.CreateBuilder(args);
builder.Services.AddLuminarysMaster().AddManifests("samples/skills/echo/manifest.yaml");

var app = builder.Build();
app.MapGet("/", () => "An application with skills: connect an MCP client to /mcp.");
app.MapLuminarys("/mcp");
app.Run();
