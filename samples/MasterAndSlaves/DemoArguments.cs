using System.Globalization;

namespace MasterAndSlaves;

internal sealed record DemoArguments(int Port, bool Once)
{
    public static DemoArguments? Parse(string[] args)
    {
        var result = new DemoArguments(8080, false);
        for (var i = 0; i < args.Length; i++)
        {
            switch (args[i])
            {
                case "--once":
                    result = result with { Once = true };
                    break;
                case "--port" when i + 1 < args.Length
                    && int.TryParse(args[++i], NumberStyles.None, CultureInfo.InvariantCulture, out var port) && port is > 0 and < 65536:
                    result = result with { Port = port };
                    break;
                default:
                    return null;
            }
        }

        return result;
    }
}
