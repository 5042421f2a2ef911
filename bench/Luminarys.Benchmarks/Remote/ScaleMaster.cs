using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Luminarys.Hosting;
using Luminarys.Mcp;
using Luminarys.Mcp.OAuth;
using Luminarys.Mcp.Tools;
using Luminarys.Registry;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using ModelContextProtocol;

namespace Luminarys.Benchmarks.Remote;

/// <summary>A master with the MCP edge.</summary>
internal sealed class ScaleMaster(WebApplication host) : IPartnerRole
{
    public const string Role = "scale-master";
    public const string Entries = "entries";
    public const string List = "list";

    public static async Task<IPartnerRole> StartAsync(string url)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.SetMinimumLevel(LogLevel.Error);
        builder.Services.AddLuminarysMaster(options => options.NodeId = "master").UseNats(options => options.Url = url);
        builder.WebHost.UseSetting("urls", "http://127.0.0.1:0");
        var host = builder.Build();
        host.MapLuminarys();
        await host.StartAsync();
        return new ScaleMaster(host);
    }

    /// <summary>Number of skills in the registry; or tools, milliseconds to find all pages and milliseconds to write them too.</summary>
    public Task<string> AnswerAsync(string question) => Task.FromResult(question == Entries
        ? host.Services.GetRequiredService<SkillRegistry>().Current.Entries.Length.ToString(CultureInfo.InvariantCulture)
        : ListTools());

    public async ValueTask DisposeAsync()
    {
        await host.StopAsync();
        await host.DisposeAsync();
    }

    private string ListTools()
    {
        var handler = host.Services.GetRequiredService<ToolListHandler>();
        var (found, written) = (Measure(writes: false), Measure(writes: true));
        return string.Create(CultureInfo.InvariantCulture, $"{found.Tools} {found.Milliseconds:F3} {written.Milliseconds:F1}");

        (int Tools, double Milliseconds) Measure(bool writes)
        {
            var (best, tools) = (double.MaxValue, 0);
            for (var i = 0; i < 10; i++)
            {
                var start = Stopwatch.GetTimestamp();
                string? cursor = null;
                tools = 0;
                do
                {
                    var page = handler.List(cursor, GrantedScopes.All);
                    (cursor, tools) = (page.NextCursor, tools + page.Tools.Count);
                    if (writes)
                    {
                        JsonSerializer.SerializeToUtf8Bytes(page, McpJsonUtilities.DefaultOptions);
                    }
                }
                while (cursor is not null);
                best = Math.Min(best, Stopwatch.GetElapsedTime(start).TotalMilliseconds);
            }

            return (tools, best);
        }
    }
}
