using System.Text.Json.Nodes;
using Luminarys.Invocations;
using Luminarys.Mcp.Files;
using Luminarys.Mcp.Results;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using ModelContextProtocol.Protocol;

namespace Luminarys.Mcp.Tools;

/// <summary>Step 7 of a call: the outcome as the client sees it. Whatever a guest returned, a result comes out.</summary>
internal sealed class ToolResultMapper(ResultLinks links, IOptions<McpEdgeOptions> options, ILogger<ToolResultMapper> logger)
{
    /// <summary>Metadata key of the node, in results and in tool definitions.</summary>
    public const string NodeKey = "luminarys/node";

    private const string CallKey = "luminarys/call";
    private const string CodeKey = "luminarys/code";
    private const string RetryableKey = "luminarys/retryable";

    private readonly int _maxInline = options.Value.MaxInlineResultBytes;

    /// <summary>Maps the outcome of a call that was made.</summary>
    public CallToolResult Map(Invocation invocation, InvocationResult result, ToolClient client)
    {
        if (!result.IsSuccess)
        {
            return Map(invocation.Id, result);
        }

        var problem = ValueRenderer.TryRender(result.Payload, client.TakesBareArrays, out var value, _maxInline);
        var content = new List<ContentBlock>(2);
        if (problem == ValueRenderer.TooLarge)
        {
            problem = Store(invocation, result, client, content);
        }
        else
        {
            content.Add(new TextContentBlock { Text = VisibleText.Of(value.Text) });
        }

        if (problem is not null)
        {
            logger.ResultRefused(invocation.Skill.Value, invocation.Method, invocation.Id.ToString(), problem);
            return Map(invocation.Id, Unusable(problem) with { Node = result.Node });
        }

        if (!string.IsNullOrEmpty(result.LlmContext))
        {
            content.Add(new TextContentBlock { Text = VisibleText.Of(result.LlmContext) });
        }

        return new() { Content = content, StructuredContent = value.Structured, Meta = MetaOf(invocation.Id, result) };
    }

    /// <summary>Maps an error.</summary>
    public static CallToolResult Map(CallId call, InvocationResult error)
    {
        var code = error.Error.ToCode();
        var meta = MetaOf(call, error);
        meta[CodeKey] = code;
        meta[RetryableKey] = error.Error.IsRetryable();
        var text = string.IsNullOrEmpty(error.Message) ? code : VisibleText.Of(error.Message);
        return new() { IsError = true, Content = [new TextContentBlock { Text = text }], Meta = meta };
    }

    private string? Store(Invocation invocation, InvocationResult result, ToolClient client, List<ContentBlock> content)
    {
        try
        {
            var name = $"{invocation.Skill.Value}-{invocation.Method}";
            var problem = links.TryStore(result.Payload, FileOwner.Of(client.Principal, client.SessionId), name, out var file);
            content.AddRange(file is null ? [] : ResultLinks.Describe(file));
            return problem;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            logger.ResultNotStored(exception, invocation.Skill.Value, invocation.Method, invocation.Id.ToString());
            return "it is too large, and the host could not store it";
        }
    }

    private static InvocationResult Unusable(string problem) =>
        InvocationResult.Failure(InvocationError.SkillError, $"the skill's result cannot be shown: {problem}");

    private static JsonObject MetaOf(CallId call, InvocationResult result)
    {
        var meta = new JsonObject { [CallKey] = call.ToString() };
        if (result.Node.Value.Length > 0)
        {
            meta[NodeKey] = result.Node.Value;
        }

        return meta;
    }
}
