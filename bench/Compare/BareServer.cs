using System.Collections.Concurrent;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using ModelContextProtocol.AspNetCore;
using ModelContextProtocol.Server;

namespace Compare;

/// <summary>
/// The floor: the C# SDK's server with a tool that answers a constant, and nothing else; or one that gets its constant from another thread, where a guest would have
/// its stack.
/// </summary>
internal static class BareServer
{
    public const string Verb = "bare";
    public const string HopVerb = "hop";

    public static async Task<int> RunAsync(string address, bool hops)
    {
        Delegate tool = hops ? new OtherThread().AnswerAsync : (string message) => message.Length > 0 ? "hello" : "";
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.Services.AddMcpServer()
            .WithHttpTransport(transport => transport.SessionMode = HttpServerSessionMode.StatefulForInitializeClients)
            .WithTools([McpServerTool.Create(tool, new() { Name = "echo" })]);
        var app = builder.Build();
        app.MapMcp("/mcp");
        await app.RunAsync(address);
        return 0;
    }

    /// <summary>Answers on a thread of its own, which sleeps while it has nothing to do.</summary>
    private sealed class OtherThread
    {
        private readonly BlockingCollection<TaskCompletionSource<string>> _asked = [];

        public OtherThread() => new Thread(Answer) { IsBackground = true }.Start();

        public Task<string> AnswerAsync(string message)
        {
            var answer = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
            _asked.Add(answer);
            return answer.Task;
        }

        private void Answer()
        {
            foreach (var answer in _asked.GetConsumingEnumerable())
            {
                answer.SetResult("hello");
            }
        }
    }
}
