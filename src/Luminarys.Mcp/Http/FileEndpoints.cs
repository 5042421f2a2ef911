using System.Globalization;
using System.IO.Pipelines;
using System.Text.Json;
using Luminarys.Mcp.Files;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Core.Features;
using Microsoft.Extensions.Logging;

namespace Luminarys.Mcp.Http;

/// <summary>
/// Files beside the MCP endpoint, behind the same gate: <c>POST</c> stores one, <c>GET</c>, <c>HEAD</c> and <c>DELETE</c> below its handle use it. Bodies pass
/// through a small buffer in both directions.
/// </summary>
internal sealed class FileEndpoints(RequestGate gate, FileStore store, ILogger<FileEndpoints> logger)
{
    private const string SessionHeader = "Mcp-Session-Id";
    private const string Binary = "application/octet-stream";
    private const int Sha256Digits = 64;

    private bool _isSharedTold;

    /// <summary>Maps them.</summary>
    public void Map(IEndpointRouteBuilder endpoints, string pattern)
    {
        var one = pattern.TrimEnd('/') + "/{handle}";
        endpoints.MapMethods(pattern, [HttpMethods.Options], gate.AnswerPreflightAsync);
        endpoints.MapMethods(one, [HttpMethods.Options], gate.AnswerPreflightAsync);
        endpoints.MapPost(pattern, context => gate.InvokeAsync(context, UploadAsync)).WithMetadata(new BodyLimit(store.Limits.MaxFile));
        endpoints.MapMethods(one, [HttpMethods.Get, HttpMethods.Head], context => gate.InvokeAsync(context, ReadAsync));
        endpoints.MapDelete(one, context => gate.InvokeAsync(context, DeleteAsync));
    }

    private static FileOwner OwnerOf(HttpContext context) => FileOwner.Of(context.User, context.Request.Headers[SessionHeader].ToString());

    private static string HandleOf(HttpContext context) => context.Request.RouteValues["handle"] as string ?? "";

    private async Task UploadAsync(HttpContext context)
    {
        var owner = OwnerOf(context);
        if (owner == FileOwner.Shared && !Interlocked.Exchange(ref _isSharedTold, true))
        {
            logger.FilesAreShared();
        }

        if (context.Request.ContentLength > store.Limits.MaxFile)
        {
            await RefuseAsync(context, $"PAYLOAD_TOO_LARGE: a file has at most {store.Limits.MaxFile} bytes").ConfigureAwait(false);
            return;
        }

        if (context.Request.Query["sha256"].ToString() is { Length: > 0 } sha256 && (sha256.Length != Sha256Digits || !sha256.All(char.IsAsciiHexDigit)))
        {
            await RefuseAsync(context, "BAD_ARGUMENT: sha256 is not 64 hexadecimal digits").ConfigureAwait(false);
            return;
        }

        if (!store.Quota.TryBeginUpload(owner))
        {
            await RefuseAsync(context, $"BUSY: a client has at most {store.Limits.MaxUploadsOfOwner} uploads at once").ConfigureAwait(false);
            return;
        }

        try
        {
            SetPace(context);
            await StoreAsync(context, owner).ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is IOException or OperationCanceledException && context.RequestAborted.IsCancellationRequested)
        {
            // The client has left, and nobody reads an answer.
        }
        catch (Microsoft.AspNetCore.Http.BadHttpRequestException exception)
        {
            await RefuseAsync(context, exception.StatusCode == StatusCodes.Status413PayloadTooLarge
                ? $"PAYLOAD_TOO_LARGE: a file has at most {store.Limits.MaxFile} bytes"
                : exception.StatusCode == StatusCodes.Status408RequestTimeout ? "TOO_SLOW: the upload was too slow" : "BAD_ARGUMENT: the body broke off").ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            logger.FileNotStored(exception);
            await RefuseAsync(context, "NO_SPACE: the server could not store the file; its log says why").ConfigureAwait(false);
        }
        finally
        {
            store.Quota.EndUpload(owner);
        }
    }

    private async Task StoreAsync(HttpContext context, FileOwner owner)
    {
        using var draft = store.TryBegin(owner, out var problem);
        if (draft is null || !await TakeBodyAsync(context.Request.BodyReader, draft, context.RequestAborted).ConfigureAwait(false))
        {
            await RefuseAsync(context, problem ?? draft!.Problem!).ConfigureAwait(false);
            return;
        }

        var query = context.Request.Query;
        var sha256 = query["sha256"].ToString();
        var kept = draft.Complete(query["name"].ToString(), context.Request.ContentType ?? Binary, sha256.Length == 0 ? null : sha256);
        await (kept is null ? RefuseAsync(context, draft.Problem!) : AnswerAsync(context, kept)).ConfigureAwait(false);
    }

    private static async ValueTask<bool> TakeBodyAsync(PipeReader body, FileDraft draft, CancellationToken cancellationToken)
    {
        while (true)
        {
            var read = await body.ReadAsync(cancellationToken).ConfigureAwait(false);
            foreach (var segment in read.Buffer)
            {
                if (!await draft.WriteAsync(segment, cancellationToken).ConfigureAwait(false))
                {
                    return false;
                }
            }

            body.AdvanceTo(read.Buffer.End);
            if (read.IsCompleted)
            {
                return true;
            }
        }
    }

    private async Task ReadAsync(HttpContext context)
    {
        if (store.Find(OwnerOf(context), HandleOf(context)) is not { } file || TryOpen(file) is not { } content)
        {
            await RefuseAsync(context, UnknownFile.Problem).ConfigureAwait(false);
            return;
        }

        await using (content.ConfigureAwait(false))
        {
            // It is what a client or a skill wrote: no browser runs it as a page of this server.
            var headers = context.Response.Headers;
            headers.XContentTypeOptions = "nosniff";
            headers.ContentSecurityPolicy = "sandbox";
            headers.CacheControl = "no-store";
            var result = TypedResults.Stream(content, file.MediaType, file.Name, entityTag: new($"\"{file.Sha256}\""), enableRangeProcessing: true);
            await result.ExecuteAsync(context).ConfigureAwait(false);
        }
    }

    private Task DeleteAsync(HttpContext context)
    {
        if (!store.Delete(OwnerOf(context), HandleOf(context)))
        {
            return RefuseAsync(context, UnknownFile.Problem);
        }

        context.Response.StatusCode = StatusCodes.Status204NoContent;
        return Task.CompletedTask;
    }

    private static FileStream? TryOpen(StoredFile file)
    {
        try
        {
            return file.Open();
        }
        catch (IOException)
        {
            // Deleted just now.
            return null;
        }
    }

    private void SetPace(HttpContext context)
    {
        if (context.Features.Get<IHttpMinRequestBodyDataRateFeature>() is { } feature)
        {
            feature.MinDataRate = new MinDataRate(store.Limits.MinUploadRate, store.Limits.Grace);
        }
    }

    private static Task AnswerAsync(HttpContext context, StoredFile file)
    {
        context.Response.StatusCode = StatusCodes.Status201Created;
        context.Response.Headers.Location = $"{context.Request.PathBase}{context.Request.Path.ToString().TrimEnd('/')}/{file.Handle}";
        return WriteAsync(context, writer =>
        {
            writer.WriteString("handle", file.Handle);
            writer.WriteString("name", file.Name);
            writer.WriteNumber("size", file.Length);
            writer.WriteString("sha256", file.Sha256);
            writer.WriteString("expires", file.Expires.ToString("O", CultureInfo.InvariantCulture));
        });
    }

    private static Task RefuseAsync(HttpContext context, string problem)
    {
        var code = problem[..problem.IndexOf(':', StringComparison.Ordinal)];
        context.Response.StatusCode = code switch
        {
            "BAD_ARGUMENT" => StatusCodes.Status400BadRequest,
            "PAYLOAD_TOO_LARGE" => StatusCodes.Status413PayloadTooLarge,
            "TOO_SLOW" => StatusCodes.Status408RequestTimeout,
            "HASH_MISMATCH" => StatusCodes.Status422UnprocessableEntity,
            "BUSY" => StatusCodes.Status429TooManyRequests,
            "NO_SPACE" => StatusCodes.Status507InsufficientStorage,
            _ => StatusCodes.Status404NotFound,
        };
        if (HttpMethods.IsPost(context.Request.Method))
        {
            // Its body may not have been read: no further request follows it on this connection.
            context.Response.Headers.Connection = "close";
        }

        return WriteAsync(context, writer =>
        {
            writer.WriteString("code", code);
            writer.WriteString("message", problem[(code.Length + 2)..]);
        });
    }

    private static async Task WriteAsync(HttpContext context, Action<Utf8JsonWriter> write)
    {
        context.Response.ContentType = "application/json";
        var writer = new Utf8JsonWriter(context.Response.BodyWriter);
        await using (writer.ConfigureAwait(false))
        {
            writer.WriteStartObject();
            write(writer);
            writer.WriteEndObject();
        }
    }
}
