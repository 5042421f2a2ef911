using System.Buffers;
using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using Luminarys.Mcp.Tools;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Options;
using ModelContextProtocol;
using ModelContextProtocol.AspNetCore;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

namespace Luminarys.Mcp.Http;

/// <summary>
/// Answers the calls that clients make most of the time beside the server of the SDK, which costs half of what such a call does: it hands each over twice in a session, and is
/// made anew for each without one. Whatever is not exactly a <see cref="DirectCall"/>, and every error of protocol, is the SDK's; so is everything when the application has
/// tools, filters or settings of its own there, or watches it.
/// </summary>
internal sealed class DirectCalls(
    ToolCallHandler handler,
    ToolListSignal signal,
    DirectSessions sessions,
    TimeProvider time,
    IOptions<McpServerOptions> server,
    IOptions<HttpServerTransportOptions> transport)
{
    private const int MaxBody = 64 * 1024;
    private const string SessionHeader = "Mcp-Session-Id";
    private const string VersionHeader = "MCP-Protocol-Version";
    private const string MethodHeader = "Mcp-Method";
    private const string NameHeader = "Mcp-Name";

    private static readonly JsonTypeInfo<CallToolResult> s_result = (JsonTypeInfo<CallToolResult>)McpJsonUtilities.DefaultOptions.GetTypeInfo(typeof(CallToolResult));
    private static readonly JsonWriterOptions s_writing = new() { Encoder = McpJsonUtilities.DefaultOptions.Encoder };

    // Named as the SDK's, so that whoever listens to those listens to these.
    private static readonly ActivitySource s_activities = new("Experimental.ModelContextProtocol");
    private static readonly Histogram<double> s_durations = new Meter("Experimental.ModelContextProtocol").CreateHistogram<double>("mcp.server.operation.duration");

    private readonly Lazy<bool> _isAlone = new(() => IsAlone(server.Value, transport.Value));

    /// <summary>Whether that is the SDK itself, and nothing that the application put before it.</summary>
    public static bool MayPrecede(RequestDelegate sdk) => IsOurs(sdk);

    /// <summary>Answers a request, or has <paramref name="next"/> do so.</summary>
    public Task InvokeAsync(HttpContext context, RequestDelegate next)
    {
        var headers = context.Request.Headers;
        if (HttpMethods.IsDelete(context.Request.Method))
        {
            return EndAsync(context, next);
        }

        // The application's tools are in the signal once the SDK's options are made.
        if (!IsCall(context.Request) || !_isAlone.Value || !signal.IsEmpty || s_activities.HasListeners() || s_durations.Enabled)
        {
            return next(context);
        }

        if (headers[SessionHeader] is [{ } id])
        {
            return headers[MethodHeader].Count == 0 && headers[VersionHeader] is [{ } version] && sessions.Find(id, context.User, version) is { } session
                ? AnswerInSessionAsync(context, id, session, next) : next(context);
        }

        return headers[VersionHeader] == DirectCall.Version && headers[MethodHeader] == RequestMethods.ToolsCall && headers[NameHeader] is [{ } name] && headers[SessionHeader].Count == 0
            ? AnswerAsync(context, name, next) : next(context);
    }

    private static bool IsCall(HttpRequest request) =>
        HttpMethods.IsPost(request.Method) && request.ContentLength is <= MaxBody && request.ContentType is "application/json" or "application/json; charset=utf-8"
        && request.Headers.Accept == "application/json, text/event-stream";

    private async Task EndAsync(HttpContext context, RequestDelegate next)
    {
        await next(context).ConfigureAwait(false);
        if (context.Response.StatusCode < StatusCodes.Status300MultipleChoices && context.Request.Headers[SessionHeader] is [{ } id])
        {
            sessions.End(id);
        }
    }

    private async Task AnswerAsync(HttpContext context, string name, RequestDelegate next)
    {
        var call = await BodyPeek.JudgeAsync(context.Request, body => DirectCall.Read(body, name), context.RequestAborted).ConfigureAwait(false);
        if (call is null || !await TryAnswerAsync(context, call, ToolClient.Of(null, context.User, DirectCall.Version), context.RequestAborted).ConfigureAwait(false))
        {
            await next(context).ConfigureAwait(false);
        }
    }

    private async Task AnswerInSessionAsync(HttpContext context, string id, DirectSession session, RequestDelegate next)
    {
        var call = await BodyPeek.JudgeAsync(context.Request, body => DirectCall.Read(body), context.RequestAborted).ConfigureAwait(false);
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted);
        if (call is not null && session.TryBegin(call.Id, ending))
        {
            try
            {
                context.Response.Headers[SessionHeader] = id;
                if (await TryAnswerAsync(context, call, ToolClient.Of(id, context.User, session.Protocol), ending.Token).ConfigureAwait(false))
                {
                    return;
                }
            }
            finally
            {
                session.End(call.Id);
            }
        }

        await next(context).ConfigureAwait(false);
    }

    private async ValueTask<bool> TryAnswerAsync(HttpContext context, DirectCall call, ToolClient client, CancellationToken cancellationToken)
    {
        try
        {
            var result = await WaitAsync(context.Response, handler.CallAsync(call.Parameters, client, cancellationToken), cancellationToken).ConfigureAwait(false);
            if (client.WantsResultType)
            {
                var about = server.Value.ServerInfo!;
                result.ResultType = "complete";
                result.Meta!["io.modelcontextprotocol/serverInfo"] = new JsonObject { ["name"] = about.Name, ["version"] = about.Version };
            }

            Begin(context.Response);
            Write(context.Response, call.Id, result);
        }
        catch (McpProtocolException)
        {
            // There is no such tool.
            return false;
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // Nobody waits for a result: a stream without one, if there is still somebody at all.
            Begin(context.Response);
        }

        return true;
    }

    // After a moment the head goes ahead, as those between do not wait as long for it as a call may take.
    private async ValueTask<CallToolResult> WaitAsync(HttpResponse response, ValueTask<CallToolResult> calling, CancellationToken cancellationToken)
    {
        if (calling.IsCompleted)
        {
            return await calling.ConfigureAwait(false);
        }

        var call = calling.AsTask();
        await ((Task)call).WaitAsync(DirectSessions.Moment, time, CancellationToken.None).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (!call.IsCompleted)
        {
            Begin(response);
            await response.Body.FlushAsync(cancellationToken).ConfigureAwait(false);
        }

        return await call.ConfigureAwait(false);
    }

    private static void Begin(HttpResponse response)
    {
        if (!response.HasStarted)
        {
            response.ContentType = "text/event-stream";
            response.Headers.CacheControl = "no-cache,no-store";
            response.Headers.ContentEncoding = "identity";
            response.Headers["X-Accel-Buffering"] = "no";
            response.HttpContext.Features.GetRequiredFeature<IHttpResponseBodyFeature>().DisableBuffering();
        }
    }

    // One event, as the SDK writes it.
    private static void Write(HttpResponse response, RequestId id, CallToolResult result)
    {
        response.BodyWriter.Write("event: message\ndata: "u8);
        using (var writer = new Utf8JsonWriter(response.BodyWriter, s_writing))
        {
            writer.WriteStartObject();
            writer.WritePropertyName("result"u8);
            JsonSerializer.Serialize(writer, result, s_result);
            writer.WritePropertyName("id"u8);
            if (id.Id is string text)
            {
                writer.WriteStringValue(text);
            }
            else
            {
                writer.WriteNumberValue((long)id.Id!);
            }

            writer.WriteString("jsonrpc"u8, "2.0"u8);
            writer.WriteEndObject();
        }

        response.BodyWriter.Write("\n\n"u8);
    }

#pragma warning disable MCP9006 // Sessions are there for clients of earlier protocols, and an application may keep their streams.
    private static bool IsAlone(McpServerOptions server, HttpServerTransportOptions transport) =>
        IsOurs(server.Handlers.CallToolHandler!) && server.Filters.Request.CallToolFilters.All(IsOurs)
        && server.Filters.Message.IncomingFilters.All(IsOurs) && server.Filters.Message.OutgoingFilters.All(IsOurs)
        && transport.ConfigureSessionOptions is null && transport.EventStreamStore is null;
#pragma warning restore MCP9006

    private static bool IsOurs(Delegate made) =>
        made.Method.Module.Assembly == typeof(DirectCalls).Assembly || made.Method.Module.Assembly == typeof(HttpServerTransportOptions).Assembly;
}
