using System.Buffers;
using System.Text;
using System.Text.Json;
using System.Text.Unicode;
using Microsoft.AspNetCore.Http;

namespace Luminarys.Mcp.Http;

/// <summary>
/// Judges what only shows when a body is read. The SDK calls every broken body an invalid request; one that is no JSON is told so before. Names given twice and texts
/// that are no Unicode it finds out late, by an exception out of the JSON library, which is the client's fault and not the server's.
/// </summary>
internal static class BodyFault
{
    private const string Reader = "System.Text.Json";
    private static readonly byte[] s_parseError = Error(-32700, "The body is not valid JSON in UTF-8, or is nested too deep.");
    private static readonly byte[] s_invalidParams = Error(-32602, "The parameters cannot be read: a value has the wrong type, a name is given twice, or a text is not Unicode.");

    /// <summary>Runs <paramref name="next"/> for a body that says it is JSON and is, and answers 415 or 400 for one that is not.</summary>
    public static async Task GuardAsync(HttpContext context, RequestDelegate next)
    {
        if (HttpMethods.IsPost(context.Request.Method))
        {
            if (!context.Request.HasJsonContentType())
            {
                context.Response.StatusCode = StatusCodes.Status415UnsupportedMediaType;
                return;
            }

            if (!await BodyPeek.JudgeAsync(context.Request, IsJson, context.RequestAborted).ConfigureAwait(false))
            {
                await RefuseAsync(context, s_parseError).ConfigureAwait(false);
                return;
            }
        }

        try
        {
            await next(context).ConfigureAwait(false);
        }
        catch (Exception exception) when (!context.Response.HasStarted && IsOfReader(exception))
        {
            await RefuseAsync(context, s_invalidParams).ConfigureAwait(false);
        }
    }

    private static async Task RefuseAsync(HttpContext context, byte[] error)
    {
        context.Response.StatusCode = StatusCodes.Status400BadRequest;
        context.Response.ContentType = "application/json";
        await context.Response.Body.WriteAsync(error, context.RequestAborted).ConfigureAwait(false);
    }

    // A mark of byte order is no JSON, but some write one.
    private static bool IsJson(ReadOnlySequence<byte> body)
    {
        var bytes = body.IsSingleSegment ? body.FirstSpan : body.ToArray();
        if (bytes.StartsWith("\uFEFF"u8))
        {
            bytes = bytes[3..];
        }

        try
        {
            var reader = new Utf8JsonReader(bytes);
            while (reader.Read())
            {
            }

            return Utf8.IsValid(bytes);
        }
        catch (JsonException)
        {
            return false;
        }
    }

    private static byte[] Error(int code, string message) => Encoding.UTF8.GetBytes($$$"""{"jsonrpc":"2.0","id":null,"error":{"code":{{{code}}},"message":"{{{message}}}"}}""");

    /// <summary>Whether the JSON library did not like what it read.</summary>
    public static bool IsOfReader(Exception exception) =>
        exception is InvalidOperationException or ArgumentException or FormatException or JsonException
        && (exception.Source?.StartsWith(Reader, StringComparison.Ordinal) == true || exception.StackTrace?.Contains(Reader, StringComparison.Ordinal) == true);
}
