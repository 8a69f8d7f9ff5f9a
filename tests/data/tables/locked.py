"""Saves a workbook with a password to open it, by LibreOffice. usage: locked.py FROM.xlsx TO.xlsx"""
import subprocess, sys, time
import uno
from com.sun.star.beans import NamedValue, PropertyValue

office = subprocess.Popen(["soffice", "--headless", "--norestore", "--accept=pipe,name=internbase-tables;urp"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
local = uno.getComponentContext()
resolver = local.ServiceManager.createInstanceWithContext("com.sun.star.bridge.UnoUrlResolver", local)
for _ in range(120):
    try:
        context = resolver.resolve("uno:pipe,name=internbase-tables;urp;StarOffice.ComponentContext")
        break
    except Exception:
        time.sleep(0.25)
desktop = context.ServiceManager.createInstanceWithContext("com.sun.star.frame.Desktop", context)
try:
    book = desktop.loadComponentFromURL("file://" + sys.argv[1], "_blank", 0, (PropertyValue("Hidden", 0, True, 0),))
    lock = uno.Any("[]com.sun.star.beans.NamedValue", (NamedValue("CryptoType", "StrongEncryptionDataSpace"), NamedValue("OOXPassword", "1234")))
    book.storeToURL("file://" + sys.argv[2], (PropertyValue("FilterName", 0, "Calc MS Excel 2007 XML", 0), PropertyValue("EncryptionData", 0, lock, 0)))
    book.close(True)
finally:
    desktop.terminate()
    office.wait()
