// How many tool calls a second a local WASM skill answers over HTTP, beside the bare C# SDK and the reference server of the protocol's authors.
//   dotnet run -c Release --project bench/Compare -- [--seconds 3] [--rounds 5]
using System.Globalization;
using Compare;

if (args is [BareServer.Verb or BareServer.HopVerb, var address])
{
    return await BareServer.RunAsync(address, args[0] == BareServer.HopVerb);
}

var seconds = TimeSpan.FromSeconds(Option("--seconds", 3));
var rounds = Option("--rounds", 5);
var folder = Directory.CreateTempSubdirectory("luminarys-compare-").FullName;
try
{
    await using var ours = await Peer.StartLuminarysAsync(folder, isLeast: true);
    await using var script = await Peer.StartLuminarysAsync(folder, isLeast: false);
    await using var bare = await Peer.StartBareAsync();
    await using var hop = await Peer.StartBareAsync(hops: true);
    await using var everything = await Peer.StartEverythingAsync();
    await using var large = await Peer.StartLuminarysAsync(folder, isLeast: false, skills: 91);
    Peer[] peers = [ours, bare, hop, script, everything];
    await WarmUpAsync(large, RawClient.WithSession);

    // The reference server speaks no protocol without sessions.
    (string Protocol, Peer Peer)[] lanes = [.. peers.Select(peer => (RawClient.WithSession, peer)), .. peers.Except([everything]).Select(peer => (RawClient.WithoutSession, peer))];
    foreach (var (protocol, peer) in lanes)
    {
        await WarmUpAsync(peer, protocol);
    }

    var table = new Dictionary<(string Protocol, string Peer, int Connections), List<Load>>();
    foreach (var connections in new[] { 1, 16 })
    {
        for (var round = 0; round < rounds; round++)
        {
            foreach (var (protocol, peer) in lanes.Skip(round % lanes.Length).Concat(lanes.Take(round % lanes.Length)))
            {
                var load = await Load.MeasureAsync(peer, protocol, connections, seconds);
                (table.TryGetValue((protocol, peer.Name, connections), out var loads) ? loads : table[(protocol, peer.Name, connections)] = []).Add(load);
            }
        }
    }

    Line($"| protocol | server | connections | calls/s (rounds) | p50 µs | processor µs per call |");
    Line($"|---|---|---|---|---|---|");
    foreach (var ((protocol, peer, connections), loads) in table.OrderBy(row => row.Key.Protocol).ThenBy(row => row.Key.Connections))
    {
        Line($"| {protocol} | {peer} | {connections} | {Median(loads, load => load.PerSecond):F0} ({loads.Min(load => load.PerSecond):F0} to {loads.Max(load => load.PerSecond):F0}) | {Median(loads, load => load.Median):F0} | {Median(loads, load => load.Processor):F0} |");
    }

    var (tools, list) = await Load.ListAsync(large, rounds * 100);
    Line($"");
    Line($"| figure | goal | now |");
    Line($"|---|---|---|");
    foreach (var protocol in new[] { RawClient.WithSession, RawClient.WithoutSession })
    {
        Line($"| ours of the bare C# SDK, {protocol}, 1 connection | ≥ 90 % | {Ratio(protocol, ours, bare, 1):P0} |");
        Line($"| ours of the bare C# SDK, {protocol}, 16 connections | ≥ 90 % | {Ratio(protocol, ours, bare, 16):P0} |");
        Line($"| ours of the bare C# SDK with another thread, {protocol}, 1 connection | | {Ratio(protocol, ours, hop, 1):P0} |");
        Line($"| ours of the bare C# SDK with another thread, {protocol}, 16 connections | | {Ratio(protocol, ours, hop, 16):P0} |");
    }

    Line($"| ours of server-everything, 16 connections | ≥ 5 | {Ratio(RawClient.WithSession, ours, everything, 16):F1} |");
    Line($"| p50 of listing {tools} tools | < 2 ms | {list / 1000:F2} ms |");
    return 0;

    double Ratio(string protocol, Peer one, Peer other, int connections) => table[(protocol, one.Name, connections)]
        .Zip(table[(protocol, other.Name, connections)], (a, b) => a.PerSecond / b.PerSecond)
        .Order().ElementAt(rounds / 2);
}
finally
{
    Directory.Delete(folder, recursive: true);
}

// The compilers of .NET were seen to work for fifteen seconds under load; a measurement meanwhile is one of them.
static async Task WarmUpAsync(Peer peer, string protocol) => await Load.MeasureAsync(peer, protocol, 16, TimeSpan.FromSeconds(15));

static double Median(List<Load> loads, Func<Load, double> value) => loads.Select(value).Order().ElementAt(loads.Count / 2);

static void Line(FormattableString text) => Console.WriteLine(text.ToString(CultureInfo.InvariantCulture));

int Option(string name, int otherwise)
{
    var index = Array.IndexOf(args, name);
    return index < 0 ? otherwise : int.Parse(args[index + 1], CultureInfo.InvariantCulture);
}
