using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Headers;
using System.Text;

namespace Luminarys.E2E;

/// <summary>
/// A host under as many calls as it takes, with sessions that come and go, and some that are left: after a while it needs no more memory, threads and handles than before.
/// <c>LUMINARYS_LOAD_SECONDS</c> says for how long.
/// </summary>
[Trait("Kind", "Integration")]
public sealed class FullLoadTests
{
    private const int Workers = 16;
    private const int CallsOfASession = 200;
    private static readonly byte[] s_call = """{"jsonrpc":"2.0","id":2,"method":"tools/call","params":{"name":"echo__echo","arguments":{"message":"under load"}}}"""u8.ToArray();

    [Fact]
    public async Task Host_UnderFullLoad_NeedsNoMoreAndMore()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "what a process holds is read from /proc");
        var duration = TimeSpan.FromSeconds(int.Parse(Environment.GetEnvironmentVariable("LUMINARYS_LOAD_SECONDS") ?? "24", CultureInfo.InvariantCulture));
        await using var cluster = TestCluster.Start();
        var host = cluster.StartNode("master", "echo");
        await using (var client = await cluster.ConnectAsync())
        {
            await cluster.WaitForSkillsAsync(client, TestCluster.Patience, "echo");
        }

        using var http = new HttpClient(new SocketsHttpHandler { MaxConnectionsPerServer = Workers }) { BaseAddress = cluster.Endpoint };
        http.DefaultRequestHeaders.Authorization = new("Bearer", TestCluster.Token);
        http.DefaultRequestHeaders.TryAddWithoutValidation("Accept", "application/json, text/event-stream");
        using var end = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        var work = Enumerable.Range(0, Workers).Select(worker => WorkAsync(http, worker % 4 == 0, end.Token)).ToList();
        var held = new List<Held>();
        for (var begin = Stopwatch.GetTimestamp(); Stopwatch.GetElapsedTime(begin) < duration; held.Add(Held.By(host.Id)))
        {
            await Task.Delay(250, TestContext.Current.CancellationToken);
        }

        await end.CancelAsync();
        var calls = (await Task.WhenAll(work)).Sum();
        var (before, after) = (held.Slice(held.Count / 3, held.Count / 6), held.Slice(held.Count * 5 / 6, held.Count / 6));
        var told = $"{calls} calls; {string.Join(", ", held.Where((_, index) => index % 8 == 0))}";
        TestContext.Current.TestOutputHelper?.WriteLine(told);
        Assert.True(calls > duration.TotalSeconds * 100, told);
        Assert.True(Median(after, one => one.Memory) < (Median(before, one => one.Memory) * 1.2) + 32, told);
        Assert.True(Median(after, one => one.Threads) < Median(before, one => one.Threads) + 10, told);
        Assert.True(Median(after, one => one.Handles) < Median(before, one => one.Handles) + 30, told);
    }

    // Every session of every fourth worker is left without a word.
    private static async Task<int> WorkAsync(HttpClient http, bool leaves, CancellationToken cancellationToken)
    {
        var calls = 0;
        while (!cancellationToken.IsCancellationRequested)
        {
            using var opened = await SendAsync(
                http, HttpMethod.Post, """{"jsonrpc":"2.0","id":1,"method":"initialize","params":{"protocolVersion":"2025-06-18","capabilities":{},"clientInfo":{"name":"load","version":"1"}}}"""u8.ToArray(), null);
            var session = opened.Headers.GetValues("Mcp-Session-Id").Single();
            using var ready = await SendAsync(http, HttpMethod.Post, """{"jsonrpc":"2.0","method":"notifications/initialized"}"""u8.ToArray(), session);
            for (var call = 0; call < CallsOfASession && !cancellationToken.IsCancellationRequested; call++, calls++)
            {
                using var answer = await SendAsync(http, HttpMethod.Post, s_call, session);
                Assert.Contains("under load", await answer.Content.ReadAsStringAsync(CancellationToken.None), StringComparison.Ordinal);
            }

            if (!leaves)
            {
                using var closed = await SendAsync(http, HttpMethod.Delete, null, session);
            }
        }

        return calls;
    }

    private static async Task<HttpResponseMessage> SendAsync(HttpClient http, HttpMethod method, byte[]? body, string? session)
    {
        using var request = new HttpRequestMessage(method, (Uri?)null);
        if (body is not null)
        {
            request.Content = new ByteArrayContent(body);
            request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        }

        if (session is not null)
        {
            request.Headers.Add("Mcp-Session-Id", session);
        }

        var response = await http.SendAsync(request);
        Assert.True(response.IsSuccessStatusCode, $"{response.StatusCode} {await response.Content.ReadAsStringAsync(CancellationToken.None)}");
        return response;
    }

    private static double Median(List<Held> all, Func<Held, double> value) => all.Select(value).Order().ElementAt(all.Count / 2);

    private readonly record struct Held(double Memory, double Threads, double Handles)
    {
        public static Held By(int process)
        {
            var status = File.ReadAllLines($"/proc/{process}/status");
            return new(Read("VmRSS:") / 1024, Read("Threads:"), Directory.GetFileSystemEntries($"/proc/{process}/fd").Length);

            double Read(string key) => double.Parse(
                status.First(line => line.StartsWith(key, StringComparison.Ordinal))[key.Length..].Replace("kB", "", StringComparison.Ordinal), CultureInfo.InvariantCulture);
        }

        public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Memory:F0} MiB {Threads} threads {Handles} handles");
    }
}
