using System.Diagnostics;
using System.Globalization;
using Luminarys.Runtime.Wasm.Abi;
using Luminarys.Skills.Messages;

namespace Luminarys.Runtime.Wasm.Tests.HostFunctions.Shell;

/// <summary>Hostile bytes as requests, for LUMINARYS_FUZZ_SECONDS, 1 without it. No request may start a program: nothing that is allowed exists.</summary>
[System.Runtime.Versioning.UnsupportedOSPlatform("windows")]
public sealed class ShellFuzzTests
{
    private static readonly TimeSpan s_duration = TimeSpan.FromSeconds(
        double.Parse(Environment.GetEnvironmentVariable("LUMINARYS_FUZZ_SECONDS") ?? "1", CultureInfo.InvariantCulture));

    private static readonly byte[][] s_corpus =
    [
        .. File.ReadAllLines(Path.Combine(AppContext.BaseDirectory, "assets", "corpus", "shell", "requests.hex"))
            .Where(line => !line.StartsWith('#'))
            .Select(Convert.FromHexString),
    ];

    [Fact]
    public async Task S9_HostileRequest_IsAnsweredSoonAndThrowsNothing()
    {
        await using var shell = new ShellHarness(["no-such-program **"]);
        var seed = Environment.TickCount;
        var random = new Random(seed);
        var clock = Stopwatch.StartNew();
        var count = 0;
        Array.ForEach(s_corpus, Send);

        while (clock.Elapsed < s_duration)
        {
            Send(Mutate(s_corpus[random.Next(s_corpus.Length)], random));
        }

        Assert.True(count > s_corpus.Length);

        void Send(byte[] request)
        {
            var start = clock.Elapsed;
            count++;
            if (MessageGuard.FindFault(request) is not null)
            {
                // Refused before any function sees it.
                return;
            }

            try
            {
                var (error, fields) = shell.Send(request);
                Assert.True(error is { Length: > 0 } || fields.ContainsKey("exit_code"));
            }
            catch (Exception exception)
            {
                Assert.Fail($"seed {seed}, request {Convert.ToHexStringLower(request)}: {exception}");
            }

            Assert.True(clock.Elapsed - start < TimeSpan.FromSeconds(1), $"seed {seed}: took too long: {Convert.ToHexStringLower(request)}");
        }
    }

    private static byte[] Mutate(byte[] request, Random random)
    {
        var bytes = request.ToList();
        for (var left = random.Next(1, 6); left > 0; left--)
        {
            var at = random.Next(bytes.Count + 1);
            switch (random.Next(4))
            {
                case 0:
                    bytes.Insert(at, (byte)random.Next(256));
                    break;
                case 1 when at < bytes.Count:
                    bytes.RemoveAt(at);
                    break;
                case 2 when at < bytes.Count:
                    bytes[at] = (byte)random.Next(256);
                    break;
                default:
                    bytes.RemoveRange(at, random.Next(bytes.Count - at + 1));
                    break;
            }
        }

        return bytes.Count > 0 ? [.. bytes] : [0x80];
    }
}
