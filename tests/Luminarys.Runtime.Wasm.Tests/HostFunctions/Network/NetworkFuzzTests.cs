using System.Globalization;
using System.Text;
using Luminarys.Permissions.Network;
using Luminarys.Runtime.Wasm.HostFunctions.Network;

namespace Luminarys.Runtime.Wasm.Tests.HostFunctions.Network;

/// <summary>
/// Mutated corpora against every reader of hostile bytes. A finding becomes a file of <c>tests/assets/corpus/network</c>. The seed is in the message;
/// <c>LUMINARYS_FUZZ_SECONDS</c> is the time per reader.
/// </summary>
public sealed class NetworkFuzzTests
{
    private static readonly string s_assets = Path.Combine(AppContext.BaseDirectory, "assets");
    private static readonly NetworkSetting s_nowhere = new() { Resolver = new TestResolver() };

    [Fact]
    public void S9_Urls_NeverCrashAndNeverReachWhatIsForbidden() => Fuzz(CorpusOf("urls.txt"), bytes =>
    {
        var text = Encoding.UTF8.GetString(bytes);
        if (WebAddress.TryParse(text, out var address, out _))
        {
            var uri = address.ToUri();
            Assert.True(WebAddress.TryParse(address.ToString(), out var again, out _) && again == address, text);
            Assert.True(address.PathAndQuery == uri.PathAndQuery && address.Port == uri.Port && address.Host.ToString() == uri.Host, text);
            var isNever = address.Host.Address is { } literal && AddressPolicy.Classify(literal) == AddressClass.Never;
            Assert.False(isNever && new HttpRules(new(["**", text], 0, true), new()).Judge(address).IsAllowed, text);
        }
    });

    [Fact]
    public void S9_Endpoints_NeverCrash() => Fuzz(CorpusOf("endpoints.txt"), bytes =>
    {
        var text = Encoding.UTF8.GetString(bytes);
        if (NetworkEndpoint.TryParse(text, out var endpoint, out _))
        {
            Assert.True(NetworkEndpoint.TryParse(endpoint.ToString(), out var again, out _) && again == endpoint, text);
        }
    });

    [Fact]
    public void S9_Patterns_NeverCrash() => Fuzz(CorpusOf("patterns.txt"), bytes =>
    {
        var text = Encoding.UTF8.GetString(bytes);
        Assert.True(WebAddress.TryParse("http://a.example:8080/x?y", out var url, out _));
        Assert.True(NetworkEndpoint.TryParse("a.example:8080", out var endpoint, out _));
        _ = WebPattern.TryParse(text, out var web, out _) && web.IsMatch(url);
        _ = EndpointPattern.TryParse(text, out var tcp, out _) && tcp.IsMatch(endpoint);
    });

    [Fact]
    public void S9_Cookies_NeverCrash() => Fuzz(CorpusOf("cookies.txt"), bytes =>
    {
        Assert.True(WebAddress.TryParse("http://a.b.example/x", out var url, out _));
        var jar = new CookieJar(TimeProvider.System);
        if (ServerCookie.Parse(Encoding.UTF8.GetString(bytes), DateTimeOffset.UnixEpoch.AddYears(50)) is { } cookie)
        {
            jar.Take(url, [cookie]);
            Assert.InRange(jar.Find(url).Length, 0, 1);
        }
    });

    [Fact]
    public async Task S9_Requests_AreAnsweredWhateverTheyHold()
    {
        await using var harness = new NetworkHarness { Setting = s_nowhere, Permissions = new() { Http = new(["http://*.example/**"], 0, true), Tcp = new(["*.example:*"], false) } };
        foreach (var file in Directory.GetFiles(Path.Combine(s_assets, "golden")).Where(IsNetwork))
        {
            var function = Path.GetFileName(file).Split('.')[0];
            var request = Convert.FromHexString(File.ReadLines(file).Single(line => line.StartsWith("request ", StringComparison.Ordinal))[8..]);
            await Task.Factory.StartNew(
                () => Fuzz([request], bytes => Assert.NotEmpty(harness.AskBytesAsync(function, bytes, CancellationToken.None).GetAwaiter().GetResult()), share: 33),
                CancellationToken.None,
                TaskCreationOptions.LongRunning,
                TaskScheduler.Default);
        }

        static bool IsNetwork(string file) => Path.GetFileName(file) is var name && (name.StartsWith("http_", StringComparison.Ordinal) || name.StartsWith("tcp_", StringComparison.Ordinal)
            || name.StartsWith("ws_", StringComparison.Ordinal));
    }

    private static byte[][] CorpusOf(string file) => [.. File.ReadLines(Path.Combine(s_assets, "corpus", "network", file)).Select(Encoding.UTF8.GetBytes)];

    private static void Fuzz(byte[][] corpus, Action<byte[]> read, int share = 1)
    {
        var seconds = double.Parse(Environment.GetEnvironmentVariable("LUMINARYS_FUZZ_SECONDS") ?? "1", CultureInfo.InvariantCulture) / share;
        var seed = Environment.TickCount;
        var random = new Random(seed);
        foreach (var entry in corpus)
        {
            read(entry);
        }

        for (var started = Environment.TickCount64; Environment.TickCount64 - started < seconds * 1000;)
        {
            var input = Mutate(random, corpus);
            var begun = Environment.TickCount64;
            try
            {
                read(input);
            }
            catch (Exception exception)
            {
                throw new InvalidOperationException($"seed {seed}, input {Convert.ToHexStringLower(input)}", exception);
            }

            Assert.True(Environment.TickCount64 - begun < 1000, $"seed {seed}, input {Convert.ToHexStringLower(input)} took a second or more");
        }
    }

    private static byte[] Mutate(Random random, byte[][] corpus)
    {
        var bytes = corpus[random.Next(corpus.Length)].ToList();
        for (var changes = random.Next(1, 6); changes > 0; changes--)
        {
            var at = random.Next(bytes.Count + 1);
            switch (random.Next(5))
            {
                case 0:
                    bytes.Insert(at, (byte)random.Next(256));
                    break;
                case 1 when at < bytes.Count:
                    bytes[at] = (byte)random.Next(256);
                    break;
                case 2 when at < bytes.Count:
                    bytes.RemoveRange(at, Math.Min(bytes.Count - at, random.Next(1, 5)));
                    break;
                case 3:
                    var other = corpus[random.Next(corpus.Length)];
                    bytes.InsertRange(at, other.AsSpan(random.Next(other.Length + 1)).ToArray());
                    break;
                default:
                    bytes.InsertRange(at, Encoding.UTF8.GetBytes("@:/\\%[].#?0x*{}\u3002\uff11"[random.Next(17)].ToString()));
                    break;
            }
        }

        return [.. bytes.Take(20_000)];
    }
}
