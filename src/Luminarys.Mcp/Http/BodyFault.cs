using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Http;

namespace Luminarys.Mcp.Http;

/// <summary>
/// Judges what only shows when a body is read. The SDK answers most broken bodies itself; text that is no Unicode and a name given twice it finds
/// out late, by an exception out of the JSON library, which is the client's fault and becomes its parse error.
/// </summary>
internal static class BodyFault
{
    private const string Reader = "System.Text.Json";
    private static readonly byte[] s_parseError =
        Encoding.UTF8.GetBytes("""{"jsonrpc":"2.0","id":null,"error":{"code":-32700,"message":"The body is not valid JSON in UTF-8 with unique names."}}""");

    /// <summary>Runs <paramref name="next"/> for a body that says it is JSON, and answers 415 or 400 for one that is not.</summary>
    public static async Task GuardAsync(HttpContext context, RequestDelegate next)
    {
        if (HttpMethods.IsPost(context.Request.Method) && !context.Request.HasJsonContentType())
        {
            context.Response.StatusCode = StatusCodes.Status415UnsupportedMediaType;
            return;
        }

        try
        {
            await next(context).ConfigureAwait(false);
        }
        catch (Exception exception) when (!context.Response.HasStarted && IsOfReader(exception))
        {
            context.Response.StatusCode = StatusCodes.Status400BadRequest;
            context.Response.ContentType = "application/json";
            await context.Response.Body.WriteAsync(s_parseError, context.RequestAborted).ConfigureAwait(false);
        }
    }

    private static bool IsOfReader(Exception exception) =>
        exception is InvalidOperationException or ArgumentException or FormatException or JsonException
        && (exception.Source?.StartsWith(Reader, StringComparison.Ordinal) == true || exception.StackTrace?.Contains(Reader, StringComparison.Ordinal) == true);
}
