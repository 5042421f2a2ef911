using System.Globalization;
using System.Net;
using CsCheck;
using Luminarys.Permissions;
using Luminarys.Permissions.Network;

namespace Luminarys.Core.Tests.Permissions.Network;

public sealed class AddressPolicyTests
{
    // First bits, written out: slow, and by another hand than the tables of the policy.
    private static readonly (string Bits, AddressClass Class)[] s_four =
    [
        (Bits4("0", 8), AddressClass.Never), (Bits4("169.254", 16), AddressClass.Never), (Bits4("100.100.100.200", 32), AddressClass.Never),
        (Bits4("168.63.129.16", 32), AddressClass.Never), (Bits4("192.0.0.192", 32), AddressClass.Never), ("1110", AddressClass.Never), ("1111", AddressClass.Never),
        (Bits4("192.0.2", 24), AddressClass.Never), (Bits4("198.51.100", 24), AddressClass.Never), (Bits4("203.0.113", 24), AddressClass.Never),
        (Bits4("127", 8), AddressClass.Internal), (Bits4("10", 8), AddressClass.Internal), ("101011000001", AddressClass.Internal),
        (Bits4("192.168", 16), AddressClass.Internal), ("0110010001", AddressClass.Internal),
    ];

    private static readonly (string Bits, AddressClass Class)[] s_six =
    [
        (new string('0', 128), AddressClass.Never), ("1111111010", AddressClass.Never), ("1111111011", AddressClass.Never), ("11111111", AddressClass.Never),
        (Hex("fd000ec2"), AddressClass.Never), (Hex("0100000000000000"), AddressClass.Never), (Hex("20010db8"), AddressClass.Never), (Hex("3fff0"), AddressClass.Never),
        (new string('0', 127) + "1", AddressClass.Internal), ("1111110", AddressClass.Internal),
    ];

    // Every prefix that means something, a random rest, and single bits turned: the borders of all ranges.
    private static readonly string[] s_prefixes =
    [
        "", .. s_six.Select(range => range.Bits), Hex("00000000000000000000ffff"), Hex("000000000000000000000000"), Hex("0000000000000000ffff0000"),
        Hex("0064ff9b0000000000000000"), Hex("0064ff9b00010000"), Hex("0064ff9b0001"), Hex("2002"), Hex("20010000"),
        .. s_four.SelectMany(range => new[] { Hex("00000000000000000000ffff"), Hex("0064ff9b0000000000000000"), Hex("2002") }.Select(outer => outer + range.Bits)),
    ];

    private static readonly Gen<IPAddress> s_addresses =
        from prefix in Pick(s_prefixes)
        from rest in Gen.Byte.Array[16]
        from turned in Gen.Int[-1, 127]
        select Make(prefix, rest, turned);

    [Fact]
    public void S4_Classify_AnyAddress_AgreesWithASlowReference() =>
        s_addresses.Sample(address => AddressPolicy.Classify(address) == Reference(address), iter: 20_000, print: address => address.ToString());

    [Fact]
    public void S4_Classify_AnyIPv4Address_AgreesWithASlowReference() =>
        (from range in Pick([.. s_four.Select(range => range.Bits), ""])
         from rest in Gen.Byte.Array[4]
         from turned in Gen.Int[-1, 31]
         select new IPAddress([.. Bytes(range, rest, turned)]))
        .Sample(address => AddressPolicy.Classify(address) == Reference(address), iter: 20_000, print: address => address.ToString());

    [Fact]
    public void S4_NeverAddress_IsDeniedUnderEveryManifest() =>
        (from address in s_addresses.Where(address => AddressPolicy.Classify(address) == AddressClass.Never)
         from pattern in Pick("**", "http://**", "http://*/**", $"http://{Bracket(address)}/**", $"http://{Bracket(address)}:*/**")
         select (address, pattern)).Sample(
            pair =>
            {
                var rules = new HttpRules(new([pair.pattern, "**"], 0, true), new());
                var tcp = new TcpRules(new([$"{Bracket(pair.address)}:80", "**", "*:*"], true), new());
                var url = Url($"http://{Bracket(pair.address)}/");
                return !rules.Judge(url).IsAllowed && rules.Judge(url).Remedy.Length == 0
                    && !rules.Judge(Url("http://trusted.example/"), [IPAddress.Parse("8.8.8.8"), pair.address], []).Verdict.IsAllowed
                    && !tcp.Judge(new(url.Host, 80)).IsAllowed;
            },
            iter: 5_000);

    [Theory]
    [InlineData("169.254.169.254", "169.254.169.254 is link-local or a metadata service")]
    [InlineData("::ffff:169.254.169.254", "169.254.169.254 is link-local or a metadata service")]
    [InlineData("64:ff9b::a9fe:a9fe", "64:ff9b::a9fe:a9fe holds 169.254.169.254, which is link-local or a metadata service")]
    [InlineData("127.0.0.1", "127.0.0.1 is loopback")]
    [InlineData("8.8.8.8", "8.8.8.8 is external")]
    public void Describe_Address_SaysWhatItIs(string address, string text) => Assert.Equal(text, AddressPolicy.Describe(IPAddress.Parse(address)), ignoreCase: true);

    [Fact]
    public void Unmap_AddressWithZone_LosesTheZone() => Assert.Equal(IPAddress.Parse("fd00::1"), AddressPolicy.Unmap(IPAddress.Parse("fd00::1%3")));

    private static Gen<string> Pick(params string[] texts) => Gen.Int[0, texts.Length - 1].Select(index => texts[index]);

    private static WebAddress Url(string text) => WebAddress.TryParse(text, out var address, out _) ? address : throw new FormatException(text);

    private static string Bracket(IPAddress address) => address.GetAddressBytes().Length == 16 ? $"[{address}]" : address.ToString();

    private static AddressClass Reference(IPAddress address)
    {
        var bits = string.Concat(address.GetAddressBytes().Select(value => value.ToString("b8", CultureInfo.InvariantCulture)));
        if (bits.Length == 32)
        {
            return First(s_four, bits);
        }

        if (bits.StartsWith(Hex("00000000000000000000ffff"), StringComparison.Ordinal))
        {
            return First(s_four, bits[96..]);
        }

        var classes = new List<AddressClass> { First(s_six, bits) };
        if (Starts(bits, Hex("000000000000000000000000")) && bits[96..] != new string('0', 31) + "1" && bits[96..] != new string('0', 32))
        {
            classes.Add(First(s_four, bits[96..]));
        }

        if (Starts(bits, Hex("0000000000000000ffff0000")) || Starts(bits, Hex("0064ff9b0000000000000000")))
        {
            classes.Add(First(s_four, bits[96..]));
        }

        if (Starts(bits, Hex("0064ff9b0001")))
        {
            var forms = new[] { bits[96..], bits[48..64] + bits[72..88], bits[56..64] + bits[72..96], bits[72..104] };
            classes.AddRange(forms.Where((form, index) => form[..8] != "00000000" || (index == 0 && bits[48..96] == new string('0', 48))).Select(form => First(s_four, form)));
        }

        if (Starts(bits, Hex("2002")))
        {
            classes.Add(First(s_four, bits[16..48]));
        }

        if (Starts(bits, Hex("20010000")))
        {
            classes.Add(First(s_four, bits[32..64]));
            classes.Add(First(s_four, string.Concat(bits[96..].Select(bit => bit == '0' ? '1' : '0'))));
        }

        return classes.Max();
    }

    private static AddressClass First((string Bits, AddressClass Class)[] ranges, string bits) =>
        ranges.FirstOrDefault(range => Starts(bits, range.Bits), (Bits: "", Class: AddressClass.External)).Class;

    private static bool Starts(string bits, string prefix) => bits.StartsWith(prefix, StringComparison.Ordinal);

    private static IPAddress Make(string prefix, byte[] rest, int turned) => new([.. Bytes(prefix, rest, turned)]);

    private static IEnumerable<byte> Bytes(string prefix, byte[] rest, int turned)
    {
        var bits = (prefix + string.Concat(rest.Select(value => value.ToString("b8", CultureInfo.InvariantCulture)))[..Math.Max(0, (rest.Length * 8) - prefix.Length)]).ToCharArray();
        if (turned >= 0)
        {
            bits[turned] = bits[turned] == '0' ? '1' : '0';
        }

        return bits.Chunk(8).Select(chunk => Convert.ToByte(new string(chunk), 2));
    }

    private static string Bits4(string prefix, int length) =>
        string.Concat(prefix.Split('.').Select(part => byte.Parse(part, CultureInfo.InvariantCulture).ToString("b8", CultureInfo.InvariantCulture)))[..length];

    private static string Hex(string digits) =>
        string.Concat(digits.Select(digit => Convert.ToInt32(digit.ToString(), 16).ToString("b4", CultureInfo.InvariantCulture)));
}
