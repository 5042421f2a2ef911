using Luminarys.Permissions;
using Luminarys.Permissions.Network;

namespace Luminarys.Runtime.Wasm.HostFunctions.Network;

/// <summary>One HTTP exchange of a skill with all its redirects, every hop judged anew.</summary>
internal sealed class HttpExchange(SkillNetwork network, GuestHandlers handlers, CookieJar jar, HostCall host, string function)
{
    private const int MaxRedirects = 5;
    private const int StandardBody = 1024 * 1024;

    // Room for the headers of the answer, twice: their cookies are listed again.
    private const int Overhead = 192 * 1024;

    private NetworkDefences Defences => network.Setting.Defences;

    /// <summary>Sends the request and follows redirects if asked to.</summary>
    public async ValueTask<HttpOutcome> SendAsync(HttpCall call, CancellationToken cancellationToken)
    {
        if (!WebAddress.TryParse(call.Url, out var address, out var fault))
        {
            return HttpOutcome.Failed($"invalid argument: url: {fault}");
        }

        if (address.IsWebSocket)
        {
            return HttpOutcome.Failed("invalid argument: url: its scheme is not http or https");
        }

        if (!RequestHeaders.IsToken(call.Method) || call.Method.ToUpperInvariant() is "CONNECT" or "TRACE")
        {
            return HttpOutcome.Failed("invalid argument: method: not a method that may be sent");
        }

        if (Defences.RefusesHeaders && RequestHeaders.FindFault(call, address) is { } header)
        {
            return HttpOutcome.Failed(header);
        }

        for (var hops = 0; ; hops++)
        {
            var (addresses, denial) = await JudgeAsync(address, isRedirect: hops > 0, cancellationToken).ConfigureAwait(false);
            if (denial is not null)
            {
                return HttpOutcome.Failed(denial);
            }

            using var message = HttpMessages.Create(call, address, call.UseJar ? jar.Find(address) : []);
            message.Options.Set(ConnectionTicket.Key, new(address.Host, address.Port, addresses, cancellationToken));
            using var sender = new HttpMessageInvoker(handlers.For(isInsecure: false), disposeHandler: false);
            using var response = await sender.SendAsync(message, cancellationToken).ConfigureAwait(false);
            if (call.UseJar)
            {
                jar.Take(address, HttpMessages.CookiesOf(response, host.Time.GetUtcNow()));
            }

            if (!call.FollowRedirects || LocationOf(response) is not { } location)
            {
                return await ReadAsync(call, response, cancellationToken).ConfigureAwait(false);
            }

            if (hops == MaxRedirects)
            {
                return HttpOutcome.Failed($"io: more than {MaxRedirects} redirects");
            }

            if (Resolve(address, location) is not { } next)
            {
                return HttpOutcome.Failed(Deny(location, "fixed rule: a redirect to what is not a plain http or https URL")!);
            }

            if (address.IsSecure && !next.IsSecure && Defences.JudgesRedirects)
            {
                return HttpOutcome.Failed(Deny(next.ToLogText(), "fixed rule: a redirect from https to http")!);
            }

            call = Redirect(call, (int)response.StatusCode, keepsCredentials: next.IsSameOrigin(address) || !Defences.DropsCredentials);
            address = next;
        }
    }

    private async ValueTask<(System.Collections.Immutable.ImmutableArray<System.Net.IPAddress> Addresses, string? Denial)> JudgeAsync(
        WebAddress address, bool isRedirect, CancellationToken cancellationToken)
    {
        if (isRedirect && !Defences.JudgesRedirects)
        {
            var unjudged = await network.Dialer.ResolveAsync(address.Host, address.Port, static (all, _) => new(Verdict.Allow(""), [.. all]), cancellationToken)
                .ConfigureAwait(false);
            return (unjudged.Addresses, null);
        }

        var verdict = Defences.JudgesAddresses || address.Host.Address is null ? network.Http.Judge(address) : Verdict.Allow("defence switched off");
        var denial = network.Services.Gate.Check(host, function, address.ToLogText(), verdict);
        if (denial is not null)
        {
            return ([], denial);
        }

        var judged = await network.Dialer.ResolveAsync(address.Host, address.Port, (all, own) => network.Http.Judge(address, all, own), cancellationToken)
            .ConfigureAwait(false);
        return (judged.Addresses, network.Services.Gate.Check(host, function, address.ToLogText(), judged.Verdict));
    }

    private async ValueTask<HttpOutcome> ReadAsync(HttpCall call, HttpResponseMessage response, CancellationToken cancellationToken)
    {
        var (body, isTruncated, isDecoded) = call.Method.Equals("HEAD", StringComparison.OrdinalIgnoreCase)
            ? default
            : await HttpBody.ReadAsync(response.Content, BodyLimit(call), Defences.GuardsRatio, cancellationToken).ConfigureAwait(false);
        return new(
            new(
                (int)response.StatusCode,
                HttpMessages.HeadersOf(response, isDecoded),
                HttpMessages.CookiesOf(response, host.Time.GetUtcNow()),
                body,
                isTruncated),
            null);
    }

    private int BodyLimit(HttpCall call)
    {
        var manifest = network.Services.Manifest.Permissions.Http!.MaxResponseBytes;
        var limit = (call.MaxBytes > 0, manifest > 0) switch
        {
            (true, true) => Math.Min(call.MaxBytes, manifest),
            (true, false) => call.MaxBytes,
            (false, true) => manifest,
            _ => StandardBody,
        };
        return (int)Math.Min(limit, Math.Max(0, network.MaxAnswer - Overhead));
    }

    private static string? LocationOf(HttpResponseMessage response) =>
        (int)response.StatusCode is 301 or 302 or 303 or 307 or 308 && response.Headers.NonValidated.TryGetValues("Location", out var values) && values.Count == 1
            ? values.First()
            : null;

    // The text itself is judged before a reader that is more lenient than ours may see it.
    private static WebAddress? Resolve(WebAddress from, string location)
    {
        var text = location.Trim();
        if (text.Contains('\\', StringComparison.Ordinal) || text.Any(char.IsControl))
        {
            return null;
        }

        if (!text.Contains("://", StringComparison.Ordinal) || text[0] is '/' or '?' or '#')
        {
            text = Uri.TryCreate(from.ToUri(), text, out var combined) ? combined.AbsoluteUri : "";
        }

        return WebAddress.TryParse(text, out var address, out _) && !address.IsWebSocket ? address : null;
    }

    private static HttpCall Redirect(HttpCall call, int status, bool keepsCredentials)
    {
        var isHead = call.Method.Equals("HEAD", StringComparison.OrdinalIgnoreCase);
        if ((status == 303 && !isHead) || (status is 301 or 302 && call.Method.Equals("POST", StringComparison.OrdinalIgnoreCase)))
        {
            call = call with { Method = "GET", Body = default, Headers = [.. call.Headers.Where(header => !RequestHeaders.IsAboutContent(header.Name))] };
        }

        return keepsCredentials ? call : call with { Headers = [.. call.Headers.Where(header => !RequestHeaders.IsCredential(header.Name))], Cookies = [] };
    }

    private string? Deny(string resource, string rule) => network.Services.Gate.Check(host, function, resource, Verdict.Deny(rule, ""));
}
