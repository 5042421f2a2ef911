using System.Globalization;
using System.Text;

namespace Luminarys.Mcp.Http;

/// <summary>Makes bodies of JSON-RPC that are wrong, each kind as often as the next, the same ones for the same seed.</summary>
internal sealed class GeneratedBodies(int seed)
{
    public const int Kinds = 22;

    private const int Parse = -32700;
    private const int Request = -32600;
    private const int Method = -32601;
    private const int Parameters = -32602;

    // Of protocol 2026-07-28: the headers say something else than the body.
    private const int Mismatch = -32020;

    private const string Meta = """
        "_meta":{"io.modelcontextprotocol/protocolVersion":"2026-07-28","io.modelcontextprotocol/clientInfo":{"name":"raw","version":"1"},"io.modelcontextprotocol/clientCapabilities":{}}
        """;

    private static readonly string[] s_wrongRoots = ["null", "true", "7", "-1.5e3", "\"text\"", "[]", "[1,2]", "{}", "[[]]", """[{"jsonrpc":"2.0","id":1,"method":"tools/list"}]"""];
    private static readonly string[] s_wrongIds = ["{}", "[]", "true", "1.5", "1e999", "-0.1", "99999999999999999999", "{\"id\":1}"];
    private static readonly string[] s_numbers = ["1e999", "-1e999", "99999999999999999999999999", "0.1e-999", "-0", "1E400", "9223372036854775808"];
    private static readonly string[] s_notTexts = ["7", "{}", "[]", "true", "1e999", "[\"echo__ping\"]"];
    private static readonly string[] s_notMaps = ["7", "\"text\"", "true", "[]", "[{}]"];

    private readonly Random _random = new(seed);
    private int _made;

    public GeneratedBody Next(bool isModern)
    {
        // Two of each kind in a row: one of each protocol.
        var kind = _made++ / 2 % Kinds;
        var good = Call("\"echo__ping\"", """{"a":"text"}""", isModern);
        return kind switch
        {
            0 => Of("cut off", good[..^_random.Next(1, good.Length)], Parse),
            1 => Of("more behind it", good + Pick("}", "]", "{}", ",", "x", "\0", "null"), Parse),
            2 => Of("no JSON", new string([.. Enumerable.Range(0, _random.Next(0, 40)).Select(_ => (char)_random.Next('a', 'm'))]), Parse),
            3 => new("no UTF-8", Spoil(good), HeadersOf("tools/call"), [Parse]),
            4 => Of("deep inside", Call("\"echo__ping\"", Nest(_random.Next(65, 3000)), isModern), Parse),
            5 => Of("deep", Nest(_random.Next(65, 20_000)), Parse),
            6 => Of("wrong root", Pick(s_wrongRoots), Request),
            7 => Of("wrong version", good.Replace("\"jsonrpc\":\"2.0\"", Pick("\"jsonrpc\":\"1.0\"", "\"jsonrpc\":2.0", "\"jsonrpc\":null", "\"json\":\"2.0\"", "\"jsonrpc\":\"2.00\""), StringComparison.Ordinal), Request),
            8 => Of("no method", good.Replace("\"method\":\"tools/call\",", Pick("", "\"method\":null,", "\"method\":7,", "\"method\":{},", "\"method\":[\"tools/call\"],"), StringComparison.Ordinal), Request),
            9 => Of("wrong id", good.Replace("\"id\":1", $"\"id\":{Pick(s_wrongIds)}", StringComparison.Ordinal), Request),
            10 => Other("unknown method", $"x{_random.Next()}/{Pick("list", "call", "a b", "..")}", isModern, Method),
            11 => Other("notification with an id", Pick("notifications/initialized", "notifications/cancelled", "notifications/roots/list_changed"), isModern, Method),
            12 => Of("unknown notification", """{"jsonrpc":"2.0","method":"notifications/none","params":{}}""", (int?)null) with { Headers = HeadersOf("notifications/none") },
            13 => Of("call without an id", good.Replace("\"id\":1,", "", StringComparison.Ordinal), (int?)null),
            14 => Of("parameters that are no map", $$"""{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{{Pick(s_notMaps)}}}""", Parameters),
            15 => Of("name that is no text", Call(Pick(s_notTexts), "{}", isModern), Parameters, Mismatch),
            16 => Of("no name", Call("null", "{}", isModern), Parameters, Mismatch),
            17 => Of("unknown tool", Call($"\"none__{_random.Next()}\"", "{}", isModern), Parameters, Mismatch),
            18 => Of("arguments that are no map", Call("\"echo__ping\"", Pick(s_notMaps), isModern), Parameters),
            19 => Of("huge numbers", Call("\"echo__ping\"", $$"""{"a":{{Pick(s_numbers)}},"b":[{{Pick(s_numbers)}}]}""", isModern), (int?)null),
            20 => Of("names twice", good.Replace("\"id\":1", "\"id\":1,\"id\":2", StringComparison.Ordinal), null, Request, Parameters),
            _ => Of("half of a surrogate pair", Call("\"\\ud800\"", "{}", isModern), Request, Parameters, Mismatch),
        };
    }

    private static GeneratedBody Of(string kind, string body, params int?[] codes) => new(kind, Encoding.UTF8.GetBytes(body), HeadersOf("tools/call"), codes);

    private static GeneratedBody Other(string kind, string method, bool isModern, int code) => new(
        kind,
        Encoding.UTF8.GetBytes($$$"""{"jsonrpc":"2.0","id":1,"method":"{{{method}}}","params":{{{{(isModern ? Meta : "")}}}}}"""),
        HeadersOf(method),
        [code, Mismatch]);

    private static (string Name, string Value)[] HeadersOf(string method) => method == "tools/call"
        ? [("MCP-Protocol-Version", "2026-07-28"), ("Mcp-Method", method), ("Mcp-Name", "echo__ping")]
        : [("MCP-Protocol-Version", "2026-07-28"), ("Mcp-Method", method)];

    private static string Call(string name, string arguments, bool isModern) =>
        $$$"""{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":{{{name}}},"arguments":{{{arguments}}}{{{(isModern ? "," + Meta : "")}}}}}""";

    private string Nest(int depth) => _random.Next(2) == 0
        ? new string('[', depth) + new string(']', depth)
        : string.Concat(Enumerable.Repeat("{\"a\":", depth)) + depth.ToString(CultureInfo.InvariantCulture) + new string('}', depth);

    private byte[] Spoil(string body)
    {
        var bytes = Encoding.UTF8.GetBytes(body);
        var texts = Enumerable.Range(0, bytes.Length).Where(i => bytes[i] is >= (byte)'a' and <= (byte)'z').ToList();
        bytes[texts[_random.Next(texts.Count)]] = (byte)_random.Next(0x80, 0x100);
        return bytes;
    }

    private string Pick(params string[] choices) => choices[_random.Next(choices.Length)];
}
