using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using Luminarys.Invocations;
using Luminarys.Mcp.Arguments;
using Luminarys.Mcp.Results;
using Microsoft.Extensions.Logging;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;

namespace Luminarys.Mcp.Tools;

/// <summary>Step 1 of a call: finds the tool, turns the client's arguments into the guest's, and asks the invoker.</summary>
internal sealed class ToolCallHandler(
    ToolCatalog catalog,
    ToolArguments arguments,
    IInvoker invoker,
    ToolResultMapper results,
    CallLimits limits,
    ILogger<ToolCallHandler> logger)
{
    /// <summary>Calls a tool. Only an unknown name is a protocol error; every other failure is a result.</summary>
    /// <param name="call">The client's parameters.</param>
    /// <param name="client">Who calls.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <exception cref="McpProtocolException">No such tool.</exception>
    public async ValueTask<CallToolResult> CallAsync(CallToolRequestParams call, ToolClient client, CancellationToken cancellationToken)
    {
        var id = CallId.New(limits.Time);
        var name = call.Name ?? "";
        var tools = catalog.Current;
        var tool = tools.Find(name) ?? throw UnknownTool(name);
        try
        {
            if (!client.Scopes.Covers(tool.Scopes))
            {
                return ToolResultMapper.Map(id, InvocationResult.Failure(InvocationError.Denied, $"insufficient_scope: the access token must carry {string.Join(' ', tool.Scopes)}"));
            }

            if (!TrySelect(tool, call.Arguments, out var method, out var given, out var problem))
            {
                return ToolResultMapper.Map(id, InvocationResult.Failure(InvocationError.BadArgument, problem));
            }

            using var prepared = await arguments.PrepareAsync(method, given, client, tools.Source, cancellationToken).ConfigureAwait(false);
            if (!prepared.IsReady)
            {
                return ToolResultMapper.Map(id, InvocationResult.Failure(prepared.Error, prepared.Problem!));
            }

            var invocation = new Invocation(id, method.Skill, method.Name, prepared.Payload, Caller.Edge, Deadline.After(limits.Duration, limits.Time))
            {
                Node = method.Node ?? prepared.Node,
                SessionId = client.SessionId,
                Progress = client.Progress,
                TraceId = Activity.Current is { } activity ? activity.TraceId.ToHexString() : id.ToString(),
            };
            using var place = await limits.EnterAsync(client.Principal, invocation.Deadline, cancellationToken).ConfigureAwait(false);
            using var following = client.Progress?.Follow(id);
            var result = place.Refusal is { } refusal
                ? InvocationResult.Failure(InvocationError.Busy, refusal)
                : await invoker.InvokeAsync(invocation, cancellationToken).ConfigureAwait(false);
            return results.Map(invocation, result, client);
        }
        catch (Exception e) when (e is not OperationCanceledException || !cancellationToken.IsCancellationRequested)
        {
            // Whatever breaks behind, the client gets an answer with a call id, and the log gets the exception.
            logger.CallFailed(e, id.ToString(), tool.Definition.Name);
            return ToolResultMapper.Map(id, InvocationResult.Failure(InvocationError.Internal, "the host failed; its log says more"));
        }
    }

    /// <summary>The method that is meant: the tool's only one, or the one that an argument names.</summary>
    private static bool TrySelect(
        ToolEntry tool,
        IDictionary<string, JsonElement>? given,
        [NotNullWhen(true)] out ToolMethod? method,
        out IDictionary<string, JsonElement>? inner,
        [NotNullWhen(false)] out string? problem)
    {
        inner = given;
        problem = null;
        method = tool.Methods[0];
        return !tool.IsWholeSkill || WholeSkillArguments.TrySplit(tool, given, out method, out inner, out problem);
    }

    private static McpProtocolException UnknownTool(string name)
    {
        var shown = VisibleText.Of(name.Length <= ToolName.MaxLength ? name : name[..ToolName.MaxLength]);
        return new($"Unknown tool: '{shown}'", McpErrorCode.InvalidParams);
    }
}
