using Luminarys.Runtime.Wasm.Abi;
using Luminarys.Runtime.Wasm.Engine;
using Wasmtime;

namespace Luminarys.Runtime.Wasm.HostFunctions;

/// <summary>
/// All functions of the module <c>env</c> that skills may import. A guest may import every one of them and call none, so all are defined
/// always; what is not permitted or not available answers an error when it is called.
/// </summary>
internal static class HostFunctionTable
{
    private static readonly string[] s_names =
    [
        "fs_read", "fs_write", "fs_create", "fs_delete", "fs_mkdir", "fs_ls", "fs_chmod", "fs_read_lines", "fs_grep", "fs_glob",
        "fs_allowed_dirs", "fs_copy", "disk_usage",
        "archive_pack", "archive_unpack", "archive_list",
        "http_get", "http_post", "http_request",
        "tcp_request", "tcp_connect", "tcp_set_callback", "tcp_write", "tcp_close",
        "ws_connect", "ws_send", "ws_close",
        "shell_exec",
        "sys_info", "time_now", "env_get", "log_write",
        "cluster_node_list", "file_transfer_send", "file_transfer_recv",
        "history_get", "prompt_complete",
    ];

    /// <summary>Every name, in the order of the families.</summary>
    public static IReadOnlyList<string> Names => s_names;

    /// <summary>Defines all functions.</summary>
    public static void Define(Linker imports, TimeProvider time)
    {
        var system = new SystemFunctions(time);
        foreach (var name in s_names)
        {
            var function = system.Find(name) ?? ((_, _, _) => $"not available: {name}");
            imports.DefineFunction(
                GuestAbi.HostModule,
                name,
                (CallerFunc<int, int, long>)((caller, pointer, length) => HostCalls.Enter(caller, function, (uint)pointer, (uint)length)));
        }
    }
}
